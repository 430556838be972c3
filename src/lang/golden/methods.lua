local o, x = ...
o:m()
o:m(x, 1)
x = o.p:q(x):r()
;('text'):rep(x)
o:a_method_name_of_more_than_forty_bytes_which_is_long()
--| main golden: 0+ parameters, 7 registers, 24 words
--|   upvalue 0 _ENV: U0
--|   local o: R0 2-24
--|   local x: R1 2-24
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 3
--|     2 [2]   SELF       2 0 2        ; "m", 0: local o
--|     3 [2]   CALL       2 2 1        ; 0: method m
--|     4 [3]   SELF       2 0 2        ; "m", 0: local o
--|     5 [3]   MOVE       5 1
--|     6 [3]   LOADI      6 1
--|     7 [3]   CALL       2 4 1        ; 0: method m
--|     8 [4]   GETFIELD   2 0 3        ; "p", 0: local o
--|     9 [4]   SELF       2 2 4        ; "q", 0: field p
--|    10 [4]   MOVE       5 1
--|    11 [4]   CALL       2 3 2        ; 0: method q
--|    12 [4]   SELF       2 2 5        ; "r"
--|    13 [4]   CALL       2 2 2        ; 0: method r
--|    14 [4]   MOVE       1 2
--|    15 [5]   LOADK      2 6          ; "text"
--|    16 [5]   SELF       2 2 7        ; "rep"
--|    17 [5]   MOVE       5 1
--|    18 [5]   CALL       2 3 1        ; 0: method rep
--|    19 [6]   MOVE       4 0
--|    20 [6]   LOADK      5 8          ; "a_method_name_of_more_than_forty_bytes_which_is_long"
--|    21 [6]   GETTABLE   2 4 5        ; 0: local o
--|    22 [6]   CALL       2 2 1        ; 0: method a_method_name_of_more_than_forty_bytes_which_is_long
--|    23 [6]   RETURN     0 1 0
