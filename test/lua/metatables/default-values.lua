local function default(t, d) return setmetatable(t, { __index = function() return d end }) end
local t = default({ x = 1 }, 0)
t.y = t.y + 5
t.z = t.z - 1
print(t.x, t.y, t.z, t.w)
local auto
auto = { __index = function(self, k) local v = setmetatable({}, auto) self[k] = v return v end }
local tree = setmetatable({}, auto)
tree.a.b.c.d = 'leaf'
print(tree.a.b.c.d, rawget(tree.a, 'b') ~= nil)
