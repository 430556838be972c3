local t = { a = { b = {} } }
function t.f(x) return x + 1 end
function t.a.b.g(x) return x * 2 end
function t.a.b:h(x) return self == t.a.b, x end
print(t.f(1), t.a.b.g(4), t.a.b:h('x'))
function global(x) return 'global' .. x end
print(global(1))
local anon = function(...) return ... end
print(anon(1, 2, 3))
print((function(x) return x end)(5))
