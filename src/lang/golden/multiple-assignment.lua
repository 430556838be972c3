local a, b, c = ...
a, b = b, a
a, b, c = f()
a, b, c = 1
a, b = 1, 2, f()
c, c[a] = a, b
c[a], c = a, b
c[a], a = b, c
--| main golden: 0+ parameters, 7 registers, 33 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-33
--|   local b: R1 2-33
--|   local c: R2 2-33
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 4
--|     2 [2]   MOVE       3 1
--|     3 [2]   MOVE       1 0
--|     4 [2]   MOVE       0 3
--|     5 [3]   GETTABUP   3 0 3        ; "f"
--|     6 [3]   CALL       3 1 4        ; 0: global f
--|     7 [3]   MOVE       2 5
--|     8 [3]   MOVE       1 4
--|     9 [3]   MOVE       0 3
--|    10 [4]   LOADI      3 1
--|    11 [4]   LOADNIL    4 1
--|    12 [4]   MOVE       2 5
--|    13 [4]   MOVE       1 4
--|    14 [4]   MOVE       0 3
--|    15 [5]   LOADI      3 1
--|    16 [5]   LOADI      4 2
--|    17 [5]   GETTABUP   5 0 3        ; "f"
--|    18 [5]   CALL       5 1 2        ; 0: global f
--|    19 [5]   MOVE       1 4
--|    20 [5]   MOVE       0 3
--|    21 [6]   MOVE       3 0
--|    22 [6]   SETTABLE   1 2 0        ; 0: local c
--|    23 [6]   MOVE       2 3
--|    24 [7]   MOVE       3 2
--|    25 [7]   MOVE       4 0
--|    26 [7]   MOVE       2 1
--|    27 [7]   SETTABLE   4 3 0        ; 0: local c
--|    28 [8]   MOVE       3 0
--|    29 [8]   MOVE       4 1
--|    30 [8]   MOVE       0 2
--|    31 [8]   SETTABLE   4 2 3        ; 0: local c
--|    32 [8]   RETURN     0 1 0
