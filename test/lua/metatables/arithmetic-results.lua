-- A metamethod's results are cut to one; it may return nothing.
local t = setmetatable({}, {
  __add = function() return 1, 2, 3 end,
  __sub = function() end,
  __index = function(_, k) return k, 'second' end,
  __len = function() return nil, 5 end,
  __unm = function(a, b) return rawequal(a, b) end,
})
print(t + 1)
print(t - 1)
print(t.key)
print(#t)
print(-t)
print((function(...) return select('#', ...) end)(t + 1, t - 1, t.x))
