local i = 0
repeat
  local j = i
  i = i + 1
until j == 5
repeat
  local k = i
  f(function() return k end)
until k > 5
--| main golden: 0+ parameters, 5 registers, 14 words
--|   upvalue 0 _ENV: U0
--|   local i: R0 2-14
--|   local j: R1 3-5
--|   local k: R1 6-13
--|     0 [0]   VARARGPREP 0
--|     1 [1]   LOADI      0 0
--|     2 [3]   MOVE       1 0
--|     3 [4]   ADDI       0 0 1        ; 0: local i
--|     4 [5]   JNEI       1 5 →2
--|     5 [7]   MOVE       1 0
--|     6 [8]   GETTABUP   2 0 3        ; "f"
--|     7 [8]   CLOSURE    4 0          ; function 0
--|     8 [8]   CALL       2 2 1        ; 0: global f
--|     9 [9]   JGTI       1 5 →12
--|    10 [9]   CLOSE      1
--|    11 [9]   JMP        →5
--|    12 [9]   CLOSE      1
--|    13 [9]   RETURN     0 1 0
--|
--| function 0 golden:8-8: 0 parameters, 2 registers, 2 words
--|   upvalue 0 k: R1
--|     0 [8]   GETUPVAL   0 0
--|     1 [8]   RETURN1    0
