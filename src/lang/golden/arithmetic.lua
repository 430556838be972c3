local a, b, c = ...
a = a + b * c - b
c = (a - b) * (b - c)
b = a // b % c & a | b ~ c << a >> b
a = -a + ~b - #c
a = a / b ^ c
c.x = b.y + b.z
--| main golden: 0+ parameters, 6 registers, 27 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-27
--|   local b: R1 2-27
--|   local c: R2 2-27
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 4
--|     2 [2]   MUL        4 1 2        ; 0: local b, 1: local c
--|     3 [2]   ADD        3 0 4        ; 0: local a
--|     4 [2]   SUB        0 3 1        ; 1: local b
--|     5 [3]   SUB        3 0 1        ; 0: local a, 1: local b
--|     6 [3]   SUB        4 1 2        ; 0: local b, 1: local c
--|     7 [3]   MUL        2 3 4
--|     8 [4]   IDIV       3 0 1        ; 0: local a, 1: local b
--|     9 [4]   MOD        3 3 2        ; 1: local c
--|    10 [4]   BAND       3 3 0        ; 1: local a
--|    11 [4]   SHL        5 2 0        ; 0: local c, 1: local a
--|    12 [4]   SHR        5 5 1        ; 1: local b
--|    13 [4]   BXOR       4 1 5        ; 0: local b
--|    14 [4]   BOR        1 3 4
--|    15 [5]   UNM        3 0          ; 0: local a
--|    16 [5]   BNOT       4 1          ; 0: local b
--|    17 [5]   ADD        3 3 4
--|    18 [5]   LEN        4 2          ; 0: local c
--|    19 [5]   SUB        0 3 4
--|    20 [6]   POW        3 1 2        ; 0: local b, 1: local c
--|    21 [6]   DIV        0 0 3        ; 0: local a
--|    22 [7]   GETFIELD   3 1 3        ; "y", 0: local b
--|    23 [7]   GETFIELD   4 1 4        ; "z", 0: local b
--|    24 [7]   ADD        3 3 4        ; 0: field y, 1: field z
--|    25 [7]   SETFIELD   3 2 5        ; "x", 0: local c
--|    26 [7]   RETURN     0 1 0
