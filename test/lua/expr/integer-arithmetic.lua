local min, max = math.mininteger, math.maxinteger
print(max + 1 == min, min - 1 == max, max * 2, min * 2, min * -1 == min, -min == min)
print(max * max, min * min, max * min, max + max, min + min)
print(3037000500 * 3037000500, 4294967296 * 4294967296)
print(123456789 * 987654321, -123456789 * 987654321)
print(1 - 2, 0 - 0, -0, 0 * -5)
