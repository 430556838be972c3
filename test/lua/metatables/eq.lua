local calls = 0
local mt = { __eq = function(a, b) calls = calls + 1 return a.id == b.id end }
local function new(id) return setmetatable({ id = id }, mt) end
local a, b, c = new(1), new(1), new(2)
print(a == b, a ~= b, a == c, a ~= c, a == a, calls)
print(a == 1, a == 'x', a == nil, calls)
local other = setmetatable({ id = 1 }, { __eq = function() calls = calls + 100 return 'truthy' end })
print(a == other, other == a, calls)
local plain = { id = 1 }
print(a == plain, plain == a)
if new(5) == new(5) then print('branch') end
if new(5) ~= new(6) then print('other branch') end
