local function f(a, b, c) return a, b, c end
print(f(), f(1), f(1, 2))
print((f(1, 2, 3, 4)))
print(f(1, 2, 3, 4))
local function g(a, ...) return a, select('#', ...) end
print(g(), g(1), g(1, nil, nil))
print(f(f(1, 2)))
print(f((f(1, 2)), 'x'))
