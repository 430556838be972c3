local t = setmetatable({}, {
  __index = function(_, k) error('no field ' .. k) end,
  __add = function() error({ code = 7 }) end,
  __len = function() error('no length', 0) end,
})
print(pcall(function() return t.x end))
local ok, e = pcall(function() return t + 1 end)
print(ok, e.code)
print(pcall(function() return #t end))
