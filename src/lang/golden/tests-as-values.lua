local a, b, c = ...
local x = a < b
local y = a == 1 and b
local z = a or b and c
a = a and b or c
b = not a
c = not (a == b)
x = a.f and a.g or 'default'
y = (a or b) and c > 1
return a and b(c)
--| main golden: 0+ parameters, 9 registers, 37 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-37
--|   local b: R1 2-37
--|   local c: R2 2-37
--|   local x: R3 6-37
--|   local y: R4 10-37
--|   local z: R5 13-37
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 4
--|     2 [2]   JNLT       0 1 →5
--|     3 [2]   LOADTRUE   3
--|     4 [2]   JMP        →6
--|     5 [2]   LOADFALSE  3
--|     6 [3]   JNEI       0 1 →9
--|     7 [3]   MOVE       4 1
--|     8 [3]   JMP        →10
--|     9 [3]   LOADFALSE  4
--|    10 [4]   JTSET      5 0 →13
--|    11 [4]   JFSET      5 1 →13
--|    12 [4]   MOVE       5 2
--|    13 [5]   JF         0 →15
--|    14 [5]   JTSET      0 1 →16
--|    15 [5]   MOVE       0 2
--|    16 [6]   NOT        1 0
--|    17 [7]   JEQ        0 1 →20
--|    18 [7]   LOADTRUE   2
--|    19 [7]   JMP        →21
--|    20 [7]   LOADFALSE  2
--|    21 [8]   GETFIELD   6 0 6        ; "f", 0: local a
--|    22 [8]   JF         6 →25
--|    23 [8]   GETFIELD   6 0 7        ; "g", 0: local a
--|    24 [8]   JTSET      3 6 →26
--|    25 [8]   LOADK      3 8          ; "default"
--|    26 [9]   JT         0 →28
--|    27 [9]   JFSET      4 1 →32
--|    28 [9]   JNGTI      2 1 →31
--|    29 [9]   LOADTRUE   4
--|    30 [9]   JMP        →32
--|    31 [9]   LOADFALSE  4
--|    32 [10]  JFSET      6 0 →36
--|    33 [10]  MOVE       6 1
--|    34 [10]  MOVE       8 2
--|    35 [10]  CALL       6 2 2        ; 0: local b
--|    36 [10]  RETURN     6 2 0
