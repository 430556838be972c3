local base = { __add = function() return 'base add' end }
base.__index = base
local derived = setmetatable({}, base)
derived.__index = derived
local o = setmetatable({}, derived)
print(pcall(function() return o + 1 end))
local mt = setmetatable({}, { __index = { __tostring = function() return 'inherited' end } })
print((tostring(setmetatable({}, mt)):gsub(':.*', '')))
