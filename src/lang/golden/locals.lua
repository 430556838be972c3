local a
local b, c
local d, e = a
local f, g = a()
local h, i = a(), b
local j <const>, k = 5, a
do
  local a = a
  j2 = a
end
--| main golden: 0+ parameters, 12 registers, 15 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-15
--|   local b: R1 3-15
--|   local c: R2 3-15
--|   local d: R3 5-15
--|   local e: R4 5-15
--|   local f: R5 7-15
--|   local g: R6 7-15
--|   local h: R7 10-15
--|   local i: R8 10-15
--|   local j: R9 12-15
--|   local k: R10 12-15
--|   local a: R11 13-14
--|     0 [0]   VARARGPREP 0
--|     1 [1]   LOADNIL    0 0
--|     2 [2]   LOADNIL    1 1
--|     3 [3]   MOVE       3 0
--|     4 [3]   LOADNIL    4 0
--|     5 [4]   MOVE       5 0
--|     6 [4]   CALL       5 1 3        ; 0: local a
--|     7 [5]   MOVE       7 0
--|     8 [5]   CALL       7 1 2        ; 0: local a
--|     9 [5]   MOVE       8 1
--|    10 [6]   LOADI      9 5
--|    11 [6]   MOVE       10 0
--|    12 [8]   MOVE       11 0
--|    13 [9]   SETTABUP   11 0 11      ; "j2"
--|    14 [10]  RETURN     0 1 0
