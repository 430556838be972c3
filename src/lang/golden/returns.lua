function a() return end
function b(x) return x end
function c(x, y) return x, y + 1 end
function d(x) return d(x) end
function e(x) return (e(x)) end
function f(x) return x, f(x) end
function g(x) return x:g() end
function h(x) return function() return x end end
return 1
--| main golden: 0+ parameters, 2 registers, 19 words
--|   upvalue 0 _ENV: U0
--|     0 [0]   VARARGPREP 0
--|     1 [1]   CLOSURE    0 0          ; function 0
--|     2 [1]   SETTABUP   0 0 0        ; "a"
--|     3 [2]   CLOSURE    0 1          ; function 1
--|     4 [2]   SETTABUP   0 0 2        ; "b"
--|     5 [3]   CLOSURE    0 2          ; function 2
--|     6 [3]   SETTABUP   0 0 4        ; "c"
--|     7 [4]   CLOSURE    0 3          ; function 3
--|     8 [4]   SETTABUP   0 0 5        ; "d"
--|     9 [5]   CLOSURE    0 4          ; function 4
--|    10 [5]   SETTABUP   0 0 7        ; "e"
--|    11 [6]   CLOSURE    0 5          ; function 5
--|    12 [6]   SETTABUP   0 0 8        ; "f"
--|    13 [7]   CLOSURE    0 6          ; function 6
--|    14 [7]   SETTABUP   0 0 9        ; "g"
--|    15 [8]   CLOSURE    0 8          ; function 8
--|    16 [8]   SETTABUP   0 0 10       ; "h"
--|    17 [9]   LOADI      0 1
--|    18 [9]   RETURN     0 2 0
--|
--| function 0 golden:1-1: 0 parameters, 2 registers, 1 words
--|     0 [1]   RETURN0
--|
--| function 1 golden:2-2: 1 parameters, 2 registers, 1 words
--|   local x: R0 0-1
--|     0 [2]   RETURN1    0
--|
--| function 2 golden:3-3: 2 parameters, 4 registers, 3 words
--|   local x: R0 0-3
--|   local y: R1 0-3
--|     0 [3]   MOVE       2 0
--|     1 [3]   ADDI       3 1 1        ; 0: local y
--|     2 [3]   RETURN     2 3 0
--|
--| function 3 golden:4-4: 1 parameters, 4 registers, 3 words
--|   upvalue 0 _ENV: U0
--|   local x: R0 0-3
--|     0 [4]   GETTABUP   1 0 5        ; "d"
--|     1 [4]   MOVE       3 0
--|     2 [4]   TAILCALL   1 2 0        ; 0: global d
--|
--| function 4 golden:5-5: 1 parameters, 4 registers, 4 words
--|   upvalue 0 _ENV: U0
--|   local x: R0 0-4
--|     0 [5]   GETTABUP   1 0 7        ; "e"
--|     1 [5]   MOVE       3 0
--|     2 [5]   CALL       1 2 2        ; 0: global e
--|     3 [5]   RETURN1    1
--|
--| function 5 golden:6-6: 1 parameters, 5 registers, 5 words
--|   upvalue 0 _ENV: U0
--|   local x: R0 0-5
--|     0 [6]   MOVE       1 0
--|     1 [6]   GETTABUP   2 0 8        ; "f"
--|     2 [6]   MOVE       4 0
--|     3 [6]   CALL       2 2 0        ; 0: global f
--|     4 [6]   RETURN     1 0 0
--|
--| function 6 golden:7-7: 1 parameters, 4 registers, 2 words
--|   local x: R0 0-2
--|     0 [7]   SELF       1 0 9        ; "g", 0: local x
--|     1 [7]   TAILCALL   1 2 0        ; 0: method g
--|
--| function 8 golden:8-8: 1 parameters, 2 registers, 2 words
--|   local x: R0 0-2
--|     0 [8]   CLOSURE    1 7          ; function 7
--|     1 [8]   RETURN     1 2 1
--|
--| function 7 golden:8-8: 0 parameters, 2 registers, 2 words
--|   upvalue 0 x: R0
--|     0 [8]   GETUPVAL   0 0
--|     1 [8]   RETURN1    0
