-- Which operand's metamethod orders two values; mixed types.
local mt = {}
mt.__lt = function(a, b) return (type(a) == 'table' and a.v or a) < (type(b) == 'table' and b.v or b) end
mt.__le = function(a, b) print('le', type(a), type(b)) return not mt.__lt(b, a) end
local one, two = setmetatable({ v = 1 }, mt), setmetatable({ v = 2 }, mt)
print(one < two, two < one, one > two, two > one)
print(one <= two, two <= one, one >= two, one >= one)
print(one < 5, 5 < one, one <= 1, 1 >= one)
print(pcall(function() return one < 'x' end))
print(pcall(function() return {} < {} end))
print(pcall(function() return {} < 1 end))
print(pcall(function() return 'a' < 1 end))
print(pcall(function() return nil <= false end))
print(pcall(function() return print < print end))
