local a, b = 'a', 'b'
local function f() return a, b end
local function g() return b, a end
print(debug.getupvalue(f, 1), debug.getupvalue(f, 2), debug.getupvalue(f, 3))
print(debug.setupvalue(f, 1, 'changed'), a, f())
print(debug.upvalueid(f, 1) == debug.upvalueid(g, 2), debug.upvalueid(f, 1) == debug.upvalueid(g, 1))
local function counter() local n = 0 return function() n = n + 1 return n end end
local c1, c2 = counter(), counter()
c1() c1()
print(debug.upvalueid(c1, 1) == debug.upvalueid(c2, 1))
debug.upvaluejoin(c2, 1, c1, 1)
print(c2(), c1(), debug.upvalueid(c1, 1) == debug.upvalueid(c2, 1))
print(pcall(debug.upvaluejoin, c1, 5, c2, 1))
print(pcall(debug.upvalueid, 1, 1))
local chunk = load('x = 1')
print((debug.getupvalue(chunk, 1)))
local env = {}
print(debug.setupvalue(chunk, 1, env))
chunk()
print(env.x, x)
