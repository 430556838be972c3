local t, s, n = {}, 'x', nil
print(pcall(function() return t & 1 end))
print(pcall(function() return 1 | n end))
print(pcall(function() return s ~ 1 end))
print(pcall(function() return undefined << 1 end))
print(pcall(function() return 1 >> t.field end))
print(pcall(function() return ~t end))
print(pcall(function() return ~s end))
print(pcall(function() local a, b = {}, 'str' return a & b end))
