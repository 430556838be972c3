local a = ...
local t = {}
t = {1, 2, 3}
t = {x = a, ['y'] = 2, [a] = 3, [4] = a}
local u = {a, f(), x = {a}, f(a)}
local v = {...}
u.x, u[1], u[a] = a, u.y, nil
--| main golden: 0+ parameters, 8 registers, 39 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-39
--|   local t: R1 3-39
--|   local u: R2 29-39
--|   local v: R3 32-39
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 2
--|     2 [2]   NEWTABLE   1 0 0
--|     3 [3]   NEWTABLE   2 0 3
--|     4 [3]   LOADI      3 1
--|     5 [3]   LOADI      4 2
--|     6 [3]   LOADI      5 3
--|     7 [3]   SETLIST    2 3 0
--|     8 [3]   MOVE       1 2
--|     9 [4]   NEWTABLE   2 4 0
--|    10 [4]   SETFIELD   0 2 2        ; "x"
--|    11 [4]   LOADI      3 2
--|    12 [4]   SETFIELD   3 2 3        ; "y"
--|    13 [4]   LOADI      3 3
--|    14 [4]   SETTABLE   3 2 0
--|    15 [4]   SETI       0 2 4
--|    16 [4]   MOVE       1 2
--|    17 [5]   NEWTABLE   2 1 2
--|    18 [5]   MOVE       3 0
--|    19 [5]   GETTABUP   4 0 4        ; "f"
--|    20 [5]   CALL       4 1 2        ; 0: global f
--|    21 [5]   NEWTABLE   5 0 1
--|    22 [5]   MOVE       6 0
--|    23 [5]   SETLIST    5 1 0
--|    24 [5]   SETFIELD   5 2 2        ; "x"
--|    25 [5]   GETTABUP   5 0 4        ; "f"
--|    26 [5]   MOVE       7 0
--|    27 [5]   CALL       5 2 0        ; 0: global f
--|    28 [5]   SETLIST    2 255 0
--|    29 [6]   NEWTABLE   3 0 0
--|    30 [6]   VARARG     4 0
--|    31 [6]   SETLIST    3 255 0
--|    32 [7]   MOVE       4 0
--|    33 [7]   GETFIELD   5 2 3        ; "y", 0: local u
--|    34 [7]   LOADNIL    6 0
--|    35 [7]   SETTABLE   6 2 0        ; 0: local u
--|    36 [7]   SETI       5 2 1        ; 0: local u
--|    37 [7]   SETFIELD   4 2 2        ; "x", 0: local u
--|    38 [7]   RETURN     0 1 0
