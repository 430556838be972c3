local i = 1
::top::
do
  local x = i
  f = function() return x end
  if i < 3 then goto top end
  if i == 9 then goto done end
end
for j = 1, 3 do
  if j == 2 then goto continue end
  local y = j
  g = function() return y end
  ::continue::
end
::done::
--| main golden: 0+ parameters, 7 registers, 23 words
--|   upvalue 0 _ENV: U0
--|   local i: R0 2-23
--|   local x: R1 3-12
--|   local (for state): R1 15-22
--|   local (for state): R2 15-22
--|   local (for state): R3 15-22
--|   local j: R4 16-21
--|   local y: R5 18-21
--|     0 [0]   VARARGPREP 0
--|     1 [1]   LOADI      0 1
--|     2 [4]   MOVE       1 0
--|     3 [5]   CLOSURE    2 0          ; function 0
--|     4 [5]   SETTABUP   2 0 2        ; "f"
--|     5 [6]   JNLTI      0 3 →8
--|     6 [6]   CLOSE      1
--|     7 [6]   JMP        →2
--|     8 [7]   JNEI       0 9 →11
--|     9 [7]   CLOSE      1
--|    10 [7]   JMP        →22
--|    11 [7]   CLOSE      1
--|    12 [9]   LOADI      1 1
--|    13 [9]   LOADI      2 3
--|    14 [9]   LOADI      3 1
--|    15 [9]   FORPREP    1 →22
--|    16 [10]  JEQI       4 2 →20
--|    17 [11]  MOVE       5 4
--|    18 [12]  CLOSURE    6 1          ; function 1
--|    19 [12]  SETTABUP   6 0 6        ; "g"
--|    20 [13]  CLOSE      5
--|    21 [9]   FORLOOP    1 →16
--|    22 [15]  RETURN     0 1 0
--|
--| function 0 golden:5-5: 0 parameters, 2 registers, 2 words
--|   upvalue 0 x: R1
--|     0 [5]   GETUPVAL   0 0
--|     1 [5]   RETURN1    0
--|
--| function 1 golden:12-12: 0 parameters, 2 registers, 2 words
--|   upvalue 0 y: R5
--|     0 [12]  GETUPVAL   0 0
--|     1 [12]  RETURN1    0
