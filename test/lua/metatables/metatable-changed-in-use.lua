-- A metamethod may replace its own metatable.
local one = { __index = function(t, k)
  setmetatable(t, { __index = function(_, key) return 'second ' .. key end })
  return 'first ' .. k
end }
local t = setmetatable({}, one)
print(t.a, t.b, t.c)
local mt = {}
local u = setmetatable({}, mt)
print(pcall(function() return u + 1 end))
mt.__add = function(_, b) return b * 2 end
print(u + 21)
mt.__add = nil
print(pcall(function() return u + 1 end))
mt.__index = { x = 1 }
print(u.x)
mt.__index = { x = 2 }
print(u.x)
