local n = ...
for i = 1, n do
  f(i)
end
for i = n, 1, -1 do
  if i == 3 then break end
  g(function() return i end)
end
--| main golden: 0+ parameters, 8 registers, 23 words
--|   upvalue 0 _ENV: U0
--|   local n: R0 2-23
--|   local (for state): R1 5-10
--|   local (for state): R2 5-10
--|   local (for state): R3 5-10
--|   local i: R4 6-9
--|   local (for state): R1 13-22
--|   local (for state): R2 13-22
--|   local (for state): R3 13-22
--|   local i: R4 14-21
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 2
--|     2 [2]   LOADI      1 1
--|     3 [2]   MOVE       2 0
--|     4 [2]   LOADI      3 1
--|     5 [2]   FORPREP    1 →10
--|     6 [3]   GETTABUP   5 0 3        ; "f"
--|     7 [3]   MOVE       7 4
--|     8 [3]   CALL       5 2 1        ; 0: global f
--|     9 [2]   FORLOOP    1 →6
--|    10 [5]   MOVE       1 0
--|    11 [5]   LOADI      2 1
--|    12 [5]   LOADI      3 -1
--|    13 [5]   FORPREP    1 →22
--|    14 [6]   JNEI       4 3 →17
--|    15 [6]   CLOSE      4
--|    16 [6]   JMP        →22
--|    17 [7]   GETTABUP   5 0 4        ; "g"
--|    18 [7]   CLOSURE    7 0          ; function 0
--|    19 [7]   CALL       5 2 1        ; 0: global g
--|    20 [7]   CLOSE      4
--|    21 [5]   FORLOOP    1 →14
--|    22 [8]   RETURN     0 1 0
--|
--| function 0 golden:7-7: 0 parameters, 2 registers, 2 words
--|   upvalue 0 i: R4
--|     0 [7]   GETUPVAL   0 0
--|     1 [7]   RETURN1    0
