local mt = {}
mt.__lt = function(a, b) return (type(a) == 'table' and a.v or a) < (type(b) == 'table' and b.v or b) end
mt.__le = function(a, b) return (type(a) == 'table' and a.v or a) <= (type(b) == 'table' and b.v or b) end
local function new(v) return setmetatable({ v = v }, mt) end
local a, b = new(1), new(2)
print(a < b, a > b, a <= b, a >= b, not (a < b), a < 5, 5 < a, a <= 1, 1 >= a, 0 > a)
local t = { new(3), new(1), new(2) }
table.sort(t)
print(t[1].v, t[2].v, t[3].v)
local only = setmetatable({}, { __lt = function() return nil end })
print(only < 1, 1 < only, pcall(function() return only <= 1 end))
if a < b then print('taken') end
while b < a do print('never') end
