local o = { a = { b = { c = 1 } } }
o.a.b.c, o.a.b.d = o.a.b.c + 1, o.a.b.c
print(o.a.b.c, o.a.b.d)
o['a']['b']['e'] = { [1] = 'one', ['two'] = 2, three = 3, 'uno' }
print(o.a.b.e[1], o.a.b.e.two, o.a.b.e.three)
local function target() return o.a end
target().new = 'n'
print(o.a.new)
