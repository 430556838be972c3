-- __eq is called for two different tables only, and its result is a boolean.
local calls = 0
local mt = { __eq = function(a, b) calls = calls + 1 return a.v == b.v and 'yes' or nil end }
local a, b, c = setmetatable({ v = 1 }, mt), setmetatable({ v = 1 }, mt), setmetatable({ v = 2 }, mt)
print(a == a, calls)
print(a == b, calls)
print(a == c, a ~= b, a ~= c, calls)
print(a == 1, a == nil, a == 'x', calls)
print(rawequal(a, b), calls)
local d = setmetatable({ v = 1 }, { __eq = function() return true end })
print(a == d, d == a, d == {}, {} == d)
local set = { [a] = 'a' }
print(set[a], set[b])
if a == b then print('equal in a condition') end
print(not (a == c))
