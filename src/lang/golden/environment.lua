local _ENV = _ENV
x = y
--| main golden: 0+ parameters, 2 registers, 5 words
--|   upvalue 0 _ENV: U0
--|   local _ENV: R0 2-5
--|     0 [0]   VARARGPREP 0
--|     1 [1]   GETUPVAL   0 0
--|     2 [2]   GETFIELD   1 0 1        ; "y", 0: local _ENV
--|     3 [2]   SETFIELD   1 0 2        ; "x", 0: local _ENV
--|     4 [2]   RETURN     0 1 0
