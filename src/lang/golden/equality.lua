local a, b, n = ...
if a == b then n = 1 end
if a ~= b then n = 2 end
if a == 5 then n = 3 end
if 5 ~= a then n = 4 end
if a == 40000 then n = 5 end
if a == nil or a == true or a ~= false then n = 6 end
if a == 'text' then n = 7 end
if a == 'a text of more than forty bytes, which is long' then n = 8 end
--| main golden: 0+ parameters, 4 registers, 27 words
--|   upvalue 0 _ENV: U0
--|   local a: R0 2-27
--|   local b: R1 2-27
--|   local n: R2 2-27
--|     0 [0]   VARARGPREP 0
--|     1 [1]   VARARG     0 4
--|     2 [2]   JNE        0 1 →4
--|     3 [2]   LOADI      2 1
--|     4 [3]   JEQ        0 1 →6
--|     5 [3]   LOADI      2 2
--|     6 [4]   JNEI       0 5 →8
--|     7 [4]   LOADI      2 3
--|     8 [5]   JEQI       0 5 →10
--|     9 [5]   LOADI      2 4
--|    10 [6]   JNEK       0 →13        ; 40000
--|    12 [6]   LOADI      2 5
--|    13 [7]   JEQK       0 →19        ; nil
--|    15 [7]   JEQK       0 →19        ; true
--|    17 [7]   JEQK       0 →20        ; false
--|    19 [7]   LOADI      2 6
--|    20 [8]   JNEK       0 →23        ; "text"
--|    22 [8]   LOADI      2 7
--|    23 [9]   LOADK      3 5          ; "a text of more than forty bytes, which is long"
--|    24 [9]   JNE        0 3 →26
--|    25 [9]   LOADI      2 8
--|    26 [9]   RETURN     0 1 0
