local a, b, c = ...
if a and b then c() end
if a or b then c() end
if (a or b) and not c then c() end
if not (a and b < c) then c() end
if a then
  c(1)
elseif b then
  c(2)
else
  c(3)
end
if a then return 1 else return 2 end
--| main golden: 0+ parameters, 6 registers, 37 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-37
--|   local b: R1 2-37
--|   local c: R2 2-37
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 4
--|     2 [2]   JF         0 →6
--|     3 [2]   JF         1 →6
--|     4 [2]   MOVE       3 2
--|     5 [2]   CALL       3 1 1        ; 0: local c
--|     6 [3]   JT         0 →8
--|     7 [3]   JF         1 →10
--|     8 [3]   MOVE       3 2
--|     9 [3]   CALL       3 1 1        ; 0: local c
--|    10 [4]   JT         0 →12
--|    11 [4]   JF         1 →15
--|    12 [4]   JT         2 →15
--|    13 [4]   MOVE       3 2
--|    14 [4]   CALL       3 1 1        ; 0: local c
--|    15 [5]   JF         0 →17
--|    16 [5]   JLT        1 2 →19
--|    17 [5]   MOVE       3 2
--|    18 [5]   CALL       3 1 1        ; 0: local c
--|    19 [6]   JF         0 →24
--|    20 [7]   MOVE       3 2
--|    21 [7]   LOADI      5 1
--|    22 [7]   CALL       3 2 1        ; 0: local c
--|    23 [7]   JMP        →32
--|    24 [8]   JF         1 →29
--|    25 [9]   MOVE       3 2
--|    26 [9]   LOADI      5 2
--|    27 [9]   CALL       3 2 1        ; 0: local c
--|    28 [9]   JMP        →32
--|    29 [11]  MOVE       3 2
--|    30 [11]  LOADI      5 3
--|    31 [11]  CALL       3 2 1        ; 0: local c
--|    32 [13]  JF         0 →35
--|    33 [13]  LOADI      3 1
--|    34 [13]  RETURN     3 2 0
--|    35 [13]  LOADI      3 2
--|    36 [13]  RETURN     3 2 0
