print(load('return 1 + 1')())
print(load('local a, b = ... return b, a')(1, 2))
local f = load('x = 1 return x')
print(f(), x)
print(load('syntax error here'))
print(type(load('return', 'name')), load('return', 'name')())
print(type(load('')), load('')())
local code = 'return function(a) return a * 2 end'
print(load(code)()(21))
