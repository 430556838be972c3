local a, b = ...
local s = a .. b .. 'x' .. a.name
s = s .. 1
return s .. b
--| main golden: 0+ parameters, 6 registers, 15 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-15
--|   local b: R1 2-15
--|   local s: R2 7-15
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 3
--|     2 [2]   MOVE       2 0
--|     3 [2]   MOVE       3 1
--|     4 [2]   LOADK      4 2          ; "x"
--|     5 [2]   GETFIELD   5 0 3        ; "name", 0: local a
--|     6 [2]   CONCAT     2 4          ; 0: local a, 1: local b, 3: field name
--|     7 [3]   MOVE       3 2
--|     8 [3]   LOADI      4 1
--|     9 [3]   CONCAT     3 2          ; 0: local s
--|    10 [3]   MOVE       2 3
--|    11 [4]   MOVE       3 2
--|    12 [4]   MOVE       4 1
--|    13 [4]   CONCAT     3 2          ; 0: local s, 1: local b
--|    14 [4]   RETURN     3 2 0
