local function f(...) return ... end
local function count(...) return select('#', ...) end
print(count(f()), count((f())), count(f(), f()), count(f(nil)), count((f(1, 2, 3))))
print(count(f(1, 2), f(1, 2)), count({ f(1, 2) }), #{ f(1, 2), f(1, 2) }, #{ (f(1, 2)) })
local a, b, c = f(1), f(2, 3)
print(a, b, c)
local t = { f(1, 2), x = 1, f(3, 4) }
print(#t, t[1], t[2], t[3])
print((function(...) local a, b = ... return b, a, ... end)(1, 2, 3))
print((function(a, ...) a = ... return a end)(1, 2), (function(...) return (...) end)())
