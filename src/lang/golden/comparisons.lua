local a, b, n = ...
if a < b then n = 1 end
if a > b then n = 2 end
if a <= b then n = 3 end
if a >= b then n = 4 end
if not (a < b) then n = 5 end
if a < 10 then n = 6 end
if 10 < a then n = 7 end
if a >= -32768 then n = 8 end
if a >= -32769 then n = 9 end
--| main golden: 0+ parameters, 4 registers, 22 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-22
--|   local b: R1 2-22
--|   local n: R2 2-22
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 4
--|     2 [2]   JNLT       0 1 →4
--|     3 [2]   LOADI      2 1
--|     4 [3]   JNLT       1 0 →6
--|     5 [3]   LOADI      2 2
--|     6 [4]   JNLE       0 1 →8
--|     7 [4]   LOADI      2 3
--|     8 [5]   JNLE       1 0 →10
--|     9 [5]   LOADI      2 4
--|    10 [6]   JLT        0 1 →12
--|    11 [6]   LOADI      2 5
--|    12 [7]   JNLTI      0 10 →14
--|    13 [7]   LOADI      2 6
--|    14 [8]   JNGTI      0 10 →16
--|    15 [8]   LOADI      2 7
--|    16 [9]   JNGEI      0 -32768 →18
--|    17 [9]   LOADI      2 8
--|    18 [10]  LOADI      3 -32769
--|    19 [10]  JNLE       3 0 →21
--|    20 [10]  LOADI      2 9
--|    21 [10]  RETURN     0 1 0
