do
  local a = 1
  f = function() return a end
end
local function g(p)
  local q = function() return p, g end
  return q(p)
end
function t.a.b(x) return x end
function t:m(x) return self, x end
--| main golden: 0+ parameters, 3 registers, 14 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-5
--|   local g: R0 6-14
--|     0 [0]   VARARGPREP 0
--|     1 [2]   LOADI      0 1
--|     2 [3]   CLOSURE    1 0          ; function 0
--|     3 [3]   SETTABUP   1 0 1        ; "f"
--|     4 [3]   CLOSE      0
--|     5 [8]   CLOSURE    0 2          ; function 2
--|     6 [9]   GETTABUP   1 0 5        ; "t"
--|     7 [9]   GETFIELD   1 1 0        ; "a", 0: global t
--|     8 [9]   CLOSURE    2 3          ; function 3
--|     9 [9]   SETFIELD   2 1 7        ; "b", 0: field a
--|    10 [10]  GETTABUP   1 0 5        ; "t"
--|    11 [10]  CLOSURE    2 4          ; function 4
--|    12 [10]  SETFIELD   2 1 9        ; "m", 0: global t
--|    13 [10]  RETURN     0 1 1
--|
--| function 0 golden:3-3: 0 parameters, 2 registers, 2 words
--|   upvalue 0 a: R0
--|     0 [3]   GETUPVAL   0 0
--|     1 [3]   RETURN1    0
--|
--| function 2 golden:5-8: 1 parameters, 5 registers, 4 words
--|   upvalue 0 g: R0
--|   local p: R0 0-4
--|   local q: R1 1-4
--|     0 [6]   CLOSURE    1 1          ; function 1
--|     1 [7]   MOVE       2 1
--|     2 [7]   MOVE       4 0
--|     3 [7]   TAILCALL   2 2 1        ; 0: local q
--|
--| function 1 golden:6-6: 0 parameters, 2 registers, 3 words
--|   upvalue 0 p: R0
--|   upvalue 1 g: U0
--|     0 [6]   GETUPVAL   0 0
--|     1 [6]   GETUPVAL   1 1
--|     2 [6]   RETURN     0 3 0
--|
--| function 3 golden:9-9: 1 parameters, 2 registers, 1 words
--|   local x: R0 0-1
--|     0 [9]   RETURN1    0
--|
--| function 4 golden:10-10: 2 parameters, 4 registers, 3 words
--|   local self: R0 0-3
--|   local x: R1 0-3
--|     0 [10]  MOVE       2 0
--|     1 [10]  MOVE       3 1
--|     2 [10]  RETURN     2 3 0
