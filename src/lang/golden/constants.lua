local a, b, c = nil, true, false
local d, e = 1, -2147483648
local f, g = 2147483648, 'text'
local h <const> = 2 * 3 + 1
a = h << 4
--| main golden: 0+ parameters, 7 registers, 10 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 4-10
--|   local b: R1 4-10
--|   local c: R2 4-10
--|   local d: R3 6-10
--|   local e: R4 6-10
--|   local f: R5 8-10
--|   local g: R6 8-10
--|     0 [0]   VARARGPREP 0
--|     1 [1]   LOADNIL    0 0
--|     2 [1]   LOADTRUE   1
--|     3 [1]   LOADFALSE  2
--|     4 [2]   LOADI      3 1
--|     5 [2]   LOADI      4 -2147483648
--|     6 [3]   LOADK      5 5          ; 2147483648
--|     7 [3]   LOADK      6 6          ; "text"
--|     8 [5]   LOADI      0 112
--|     9 [5]   RETURN     0 1 0
