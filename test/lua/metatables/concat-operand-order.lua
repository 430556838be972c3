-- In a chain the right end is joined first; strings on the left wait.
local t = setmetatable({}, { __concat = function(a, b) return type(a) .. '/' .. type(b) end })
print(t .. 'x', 'x' .. t, t .. t)
print('a' .. ('b' .. t))
print((t .. 'x') .. 'y')
print(pcall(function() return t .. nil end))
print(pcall(function() return {} .. 'x' end))
