print 'string'
print [[long]]
print(type {}, #{ 1, 2 })
local function f(t) return t[1] end
print(f { 'x' }, f { 'y', 'z' })
local o = { m = function(self, s) return self.p .. s end, p = '>' }
print(o:m 'a', o:m [[b]])
