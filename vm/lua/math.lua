-- The constants of the library math. There is no huge and no pi: all numbers are integers.
math.maxinteger = 0x7fffffffffffffff
math.mininteger = 0x8000000000000000
