x = y
x, y = y, x
a_global_name_of_more_than_forty_bytes_which_is_long = x
--| main golden: 0+ parameters, 3 registers, 12 words
--|   upvalue 0 _ENV: U0
--|     0 [0]   VARARGPREP 0
--|     1 [1]   GETTABUP   0 0 0        ; "y"
--|     2 [1]   SETTABUP   0 0 1        ; "x"
--|     3 [2]   GETTABUP   0 0 0        ; "y"
--|     4 [2]   GETTABUP   1 0 1        ; "x"
--|     5 [2]   SETTABUP   1 0 0        ; "y"
--|     6 [2]   SETTABUP   0 0 1        ; "x"
--|     7 [3]   GETUPVAL   0 0
--|     8 [3]   LOADK      1 2          ; "a_global_name_of_more_than_forty_bytes_which_is_long"
--|     9 [3]   GETTABUP   2 0 1        ; "x"
--|    10 [3]   SETTABLE   2 0 1        ; 0: upvalue _ENV
--|    11 [3]   RETURN     0 1 0
