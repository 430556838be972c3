local a, b = 1, {}
local function f()
  a = a + 1
  b.x = b.y
  b[a] = b[1]
  return function() return a, x end
end
--| main golden: 0+ parameters, 3 registers, 5 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 3-5
--|   local b: R1 3-5
--|   local f: R2 4-5
--|     0 [0]   VARARGPREP 0
--|     1 [1]   LOADI      0 1
--|     2 [1]   NEWTABLE   1 0 0
--|     3 [7]   CLOSURE    2 1          ; function 1
--|     4 [7]   RETURN     0 1 1
--|
--| function 1 golden:2-7: 0 parameters, 3 registers, 12 words
--|   upvalue 0 a: R0
--|   upvalue 1 b: R1
--|   upvalue 2 _ENV: U0
--|     0 [3]   GETUPVAL   0 0
--|     1 [3]   ADDI       0 0 1        ; 0: upvalue a
--|     2 [3]   SETUPVAL   0 0
--|     3 [4]   GETTABUP   0 1 3        ; "y"
--|     4 [4]   SETTABUP   0 1 4        ; "x"
--|     5 [5]   GETUPVAL   0 1
--|     6 [5]   GETUPVAL   1 0
--|     7 [5]   GETUPVAL   2 1
--|     8 [5]   GETI       2 2 1        ; 0: upvalue b
--|     9 [5]   SETTABLE   2 0 1        ; 0: upvalue b
--|    10 [6]   CLOSURE    0 0          ; function 0
--|    11 [6]   RETURN1    0
--|
--| function 0 golden:6-6: 0 parameters, 2 registers, 3 words
--|   upvalue 0 a: U0
--|   upvalue 1 _ENV: U2
--|     0 [6]   GETUPVAL   0 0
--|     1 [6]   GETTABUP   1 1 4        ; "x"
--|     2 [6]   RETURN     0 3 0
