local a, b = 0xf0f0f0f0f0f0f0f0, 0x00ff00ff00ff00ff
print(string.format('%x %x %x %x', a & b, a | b, a ~ b, ~a))
print(~0, ~-1, ~math.maxinteger == math.mininteger)
print(5 & -1, 5 | -1, 5 ~ -1, -5 & 0xff)
print(pcall(function() return '3' | 4 end))
print(pcall(function() return 1 << '4' end))
print(pcall(function() return ~'1' end))
print(pcall(function(a, b) return a & b end, 1, '7'))
print(1 | 2 | 4 | 8, 15 & 6 & 2, 1 ~ 1 ~ 1)
