local i, n = 0, ...
while i < n do
  i = i + 1
end
while true do
  if i == 5 then break end
  i = f(i)
end
while i > 0 and n do
  if n[i] then goto continue end
  i = i - 1
  ::continue::
end
--| main golden: 0+ parameters, 5 registers, 19 words
--|   upvalue 0 _ENV: U0
--|   local i: R0 3-19
--|   local n: R1 3-19
--|     0 [0]   VARARGPREP 0
--|     1 [1]   LOADI      0 0
--|     2 [1]   VARARG     1 2
--|     3 [2]   JMP        →5
--|     4 [3]   ADDI       0 0 1        ; 0: local i
--|     5 [2]   JLT        0 1 →4
--|     6 [6]   JEQI       0 5 →16
--|     7 [7]   GETTABUP   2 0 2        ; "f"
--|     8 [7]   MOVE       4 0
--|     9 [7]   CALL       2 2 2        ; 0: global f
--|    10 [7]   MOVE       0 2
--|    11 [7]   JMP        →6
--|    12 [9]   JMP        →16
--|    13 [10]  GETTABLE   2 1 0        ; 0: local n
--|    14 [10]  JT         2 →16
--|    15 [11]  SUBI       0 0 1        ; 0: local i
--|    16 [9]   JNGTI      0 0 →18
--|    17 [9]   JT         1 →13
--|    18 [13]  RETURN     0 1 0
