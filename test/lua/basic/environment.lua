setmetatable(_G, { __index = function(_, k) return 'default ' .. k end, __newindex = function(t, k, v) rawset(t, k, v * 2) end })
print(undefinedname)
newname = 5
print(newname)
newname = 6
print(newname)
setmetatable(_G, nil)
print(undefinedname)
local strict = setmetatable({}, { __index = function(_, k) error('undeclared ' .. k, 2) end })
print(pcall(load('return missing', '=strict', 't', strict)))
