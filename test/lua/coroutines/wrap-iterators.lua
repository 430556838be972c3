-- Generators by wrap, one feeding the other.
local function range(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local function map(f, g) return coroutine.wrap(function() for x in g do coroutine.yield(f(x)) end end) end
local function filter(p, g) return coroutine.wrap(function() for x in g do if p(x) then coroutine.yield(x) end end end) end
local function take(n, g) return coroutine.wrap(function() for _ = 1, n do coroutine.yield(g()) end end) end
local even = function(x) return x % 2 == 0 end
local sum = 0
for x in take(5, map(function(x) return x * x end, filter(even, range(100)))) do sum = sum + x print(x) end
print(sum)
