-- The environment of a chunk is its only upvalue.
local env = { print = print }
local f = load('x = (x or 0) + 1 return x', '=c', 't', env)
print(f(), f(), env.x, x)
local g = load('local a = ... ; y = a ; return _ENV', '=c', 't', env)
print(g(5) == env, env.y)
print(pcall(load('print(z.w)', '=c', 't', env)))
print(load('return x', '=c', 't', setmetatable({}, { __index = function(_, k) return 'global ' .. k end }))())
local h = load('return print', '=c', 't', nil)
print(pcall(h))
local _ENV <const> = { print = print, load = load }
print(load('return print')() == print)
value = 7
print(_ENV.value, load('return value')())
