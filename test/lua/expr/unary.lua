local x = 5
print(-x, - -x, -(-x), ~x, ~~x, not x, not not x)
print(-'5', -'-5', #'hello', #{ 1, 2, 3 }, #'')
print(-math.mininteger, -math.maxinteger, ~math.mininteger)
print(pcall(function() return -{} end))
print(pcall(function() return ~{} end))
print(pcall(function() return #5 end))
print(pcall(function() return -nil end))
print(pcall(function() return #nil end))
