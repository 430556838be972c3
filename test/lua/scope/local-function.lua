local function f(n) if n == 0 then return 'done' end return f(n - 1) end
print(f(5))
local g = function(n) return g == nil end
print(g())
local h
h = function(n) if n == 0 then return 0 end return n + h(n - 1) end
print(h(10))
