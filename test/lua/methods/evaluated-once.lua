local n = 0
local o = { f = function(self, x) return self.v + x end, v = 1 }
local function get() n = n + 1 return o end
print(get():f(10), n)
local t = { o = o }
print(t.o:f(1), t['o']:f(2))
local name = 'f'
print(o[name](o, 5))
function o.nested() return { g = function(self) return 'g' end } end
print(o.nested():g())
