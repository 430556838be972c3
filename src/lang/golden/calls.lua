local f, a = ...
f()
f(a, 1)
local x, y = f(a)
x = f(f(a), 2)
f(1, f(a))
f(1, (f(a)))
f 'text' {a}
x, y = f()
a.b.c(x).d(y)
--| main golden: 0+ parameters, 10 registers, 49 words
--|   upvalue 0 _ENV: U0
--|   local f: R0 2-49
--|   local a: R1 2-49
--|   local x: R2 11-49
--|   local y: R3 11-49
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 3
--|     2 [2]   MOVE       2 0
--|     3 [2]   CALL       2 1 1        ; 0: local f
--|     4 [3]   MOVE       2 0
--|     5 [3]   MOVE       4 1
--|     6 [3]   LOADI      5 1
--|     7 [3]   CALL       2 3 1        ; 0: local f
--|     8 [4]   MOVE       2 0
--|     9 [4]   MOVE       4 1
--|    10 [4]   CALL       2 2 3        ; 0: local f
--|    11 [5]   MOVE       4 0
--|    12 [5]   MOVE       6 0
--|    13 [5]   MOVE       8 1
--|    14 [5]   CALL       6 2 2        ; 0: local f
--|    15 [5]   LOADI      7 2
--|    16 [5]   CALL       4 3 2        ; 0: local f
--|    17 [5]   MOVE       2 4
--|    18 [6]   MOVE       4 0
--|    19 [6]   LOADI      6 1
--|    20 [6]   MOVE       7 0
--|    21 [6]   MOVE       9 1
--|    22 [6]   CALL       7 2 0        ; 0: local f
--|    23 [6]   CALL       4 0 1        ; 0: local f
--|    24 [7]   MOVE       4 0
--|    25 [7]   LOADI      6 1
--|    26 [7]   MOVE       7 0
--|    27 [7]   MOVE       9 1
--|    28 [7]   CALL       7 2 2        ; 0: local f
--|    29 [7]   CALL       4 3 1        ; 0: local f
--|    30 [8]   MOVE       4 0
--|    31 [8]   LOADK      6 4          ; "text"
--|    32 [8]   CALL       4 2 2        ; 0: local f
--|    33 [8]   NEWTABLE   6 0 1
--|    34 [8]   MOVE       7 1
--|    35 [8]   SETLIST    6 1 0
--|    36 [8]   CALL       4 2 1
--|    37 [9]   MOVE       4 0
--|    38 [9]   CALL       4 1 3        ; 0: local f
--|    39 [9]   MOVE       3 5
--|    40 [9]   MOVE       2 4
--|    41 [10]  GETFIELD   4 1 5        ; "b", 0: local a
--|    42 [10]  GETFIELD   4 4 6        ; "c", 0: field b
--|    43 [10]  MOVE       6 2
--|    44 [10]  CALL       4 2 2        ; 0: field c
--|    45 [10]  GETFIELD   4 4 7        ; "d"
--|    46 [10]  MOVE       6 3
--|    47 [10]  CALL       4 2 1        ; 0: field d
--|    48 [10]  RETURN     0 1 0
