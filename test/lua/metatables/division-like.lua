local v = setmetatable({}, { __idiv = function() return 'idiv' end, __mod = function() return 'mod' end })
print(v // 2, 2 // v, v % 2, 2 % v, v // 0, v % 0)
print(pcall(function() return v + 1 end))
print(pcall(function() return 1 - v end))
