local function f() return 1, 2, 3 end
print(f(), f())
print(f(), (f()))
print((f()), f())
local t = { f(), f(), [10] = f(), f() }
print(#t, t[10])
local function g(...) return ..., ... end
print(g(1, 2))
print(#{ n = 1, f() }, #{ f(), nil } >= 1)
