local a, b, c = 1, 2
print(a, b, c)
a, b = b, a
print(a, b)
a, b, c = c, a, b
print(a, b, c)
local x, y = (function() return 1, 2, 3 end)()
print(x, y)
local p, q, r = 0, (function() return 1, 2, 3 end)()
print(p, q, r)
local s, t = ((function() return 1, 2 end)())
print(s, t)
a, b, c = 1, 2, 3, error == nil
print(a, b, c)
