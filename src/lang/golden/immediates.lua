local a, b = ...
a = a + 1
b = a - 1 + b * -3
b = 2 + a
a = a // 2 % 8 & 0xff << 3 >> 1
a = a << b << 2 << 64
a = a + 0x80000000
a = a / 2 | 1
--| main golden: 0+ parameters, 4 registers, 22 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-22
--|   local b: R1 2-22
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 3
--|     2 [2]   ADDI       0 0 1        ; 0: local a
--|     3 [3]   SUBI       2 0 1        ; 0: local a
--|     4 [3]   MULI       3 1 -3       ; 0: local b
--|     5 [3]   ADD        1 2 3
--|     6 [4]   LOADI      2 2
--|     7 [4]   ADD        1 2 0        ; 1: local a
--|     8 [5]   IDIVI      2 0 2        ; 0: local a
--|     9 [5]   MODI       2 2 8
--|    10 [5]   BANDI      0 2 1020
--|    11 [6]   SHL        2 0 1        ; 0: local a, 1: local b
--|    12 [6]   SHLI       2 2 2
--|    13 [6]   LOADI      3 64
--|    14 [6]   SHL        0 2 3
--|    15 [7]   LOADK      2 2          ; 2147483648
--|    16 [7]   ADD        0 0 2        ; 0: local a
--|    17 [8]   LOADI      3 2
--|    18 [8]   DIV        2 0 3        ; 0: local a
--|    19 [8]   LOADI      3 1
--|    20 [8]   BOR        0 2 3
--|    21 [8]   RETURN     0 1 0
