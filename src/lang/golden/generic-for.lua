for k, v in pairs(t) do
  if v then break end
  f(k, v)
end
for line in next, t, nil do
  do return line end
end
--| main golden: 0+ parameters, 10 registers, 23 words
--|   upvalue 0 _ENV: U0
--|   local (for state): R0 4-13
--|   local (for state): R1 4-13
--|   local (for state): R2 4-13
--|   local (for state): R3 4-13
--|   local k: R4 5-10
--|   local v: R5 5-10
--|   local (for state): R0 17-22
--|   local (for state): R1 17-22
--|   local (for state): R2 17-22
--|   local (for state): R3 17-22
--|   local line: R4 18-19
--|     0 [0]   VARARGPREP 0
--|     1 [1]   GETTABUP   0 0 0        ; "pairs"
--|     2 [1]   GETTABUP   2 0 1        ; "t"
--|     3 [1]   CALL       0 2 5        ; 0: global pairs
--|     4 [1]   TFORPREP   0 →10
--|     5 [2]   JT         5 →12
--|     6 [3]   GETTABUP   6 0 5        ; "f"
--|     7 [3]   MOVE       8 4
--|     8 [3]   MOVE       9 5
--|     9 [3]   CALL       6 3 1        ; 0: global f
--|    10 [1]   TFORCALL   0 2          ; 0: iterator for iterator
--|    11 [1]   TFORLOOP   0 →5
--|    12 [1]   CLOSE      0
--|    13 [5]   GETTABUP   0 0 7        ; "next"
--|    14 [5]   GETTABUP   1 0 1        ; "t"
--|    15 [5]   LOADNIL    2 0
--|    16 [5]   LOADNIL    3 0
--|    17 [5]   TFORPREP   0 →19
--|    18 [6]   RETURN     4 2 1
--|    19 [5]   TFORCALL   0 1          ; 0: iterator for iterator
--|    20 [5]   TFORLOOP   0 →18
--|    21 [5]   CLOSE      0
--|    22 [7]   RETURN     0 1 0
