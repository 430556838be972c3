local a, b = ...
local t = {...}
f(...)
f((...))
local function g(x, ...)
  local y = ...
  return x, ...
end
--| main golden: 0+ parameters, 6 registers, 13 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-13
--|   local b: R1 2-13
--|   local t: R2 5-13
--|   local g: R3 12-13
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 3
--|     2 [2]   NEWTABLE   2 0 0
--|     3 [2]   VARARG     3 0
--|     4 [2]   SETLIST    2 255 0
--|     5 [3]   GETTABUP   3 0 3        ; "f"
--|     6 [3]   VARARG     5 0
--|     7 [3]   CALL       3 0 1        ; 0: global f
--|     8 [4]   GETTABUP   3 0 3        ; "f"
--|     9 [4]   VARARG     5 2
--|    10 [4]   CALL       3 2 1        ; 0: global f
--|    11 [8]   CLOSURE    3 0          ; function 0
--|    12 [8]   RETURN     0 1 0
--|
--| function 0 golden:5-8: 1+ parameters, 4 registers, 5 words
--|   local x: R0 1-5
--|   local y: R1 2-5
--|     0 [5]   VARARGPREP 1
--|     1 [6]   VARARG     1 2
--|     2 [7]   MOVE       2 0
--|     3 [7]   VARARG     3 0
--|     4 [7]   RETURN     2 0 0
