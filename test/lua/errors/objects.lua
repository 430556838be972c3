local E = setmetatable({}, { __call = function(self, m) return setmetatable({ message = m }, self) end })
E.__index = E
E.__tostring = function(e) return 'E: ' .. e.message end
local ok, e = pcall(function() error(E 'boom') end)
print(ok, getmetatable(e) == E, e.message, tostring(e))
local ok2, f = pcall(error, function() return 'payload' end)
print(ok2, f())
local ok3, rethrown = pcall(function()
  local ok, inner = pcall(error, { code = 1 })
  inner.code = inner.code + 1
  error(inner)
end)
print(ok3, rethrown.code)
print(pcall(error, 'with level 2', 2))
