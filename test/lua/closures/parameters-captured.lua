local function make(a, b, ...)
  local rest = { ... }
  return { add = function(n) a = a + n return a end, b = function() b = b .. '!' return b end, rest = function() return #rest end }
end
local m, n = make(1, 'x', 1, 2), make(100, 'y')
print(m.add(1), m.add(1), n.add(1), m.b(), m.b(), n.b(), m.rest(), n.rest())
