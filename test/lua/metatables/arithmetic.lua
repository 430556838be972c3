local mt = {}
local function new(v) return setmetatable({ v = v }, mt) end
local function val(x) return type(x) == 'table' and x.v or x end
for _, op in ipairs { 'add', 'sub', 'mul', 'mod', 'idiv', 'band', 'bor', 'bxor', 'shl', 'shr' } do
  mt['__' .. op] = function(a, b) return op .. '(' .. tostring(val(a)) .. ',' .. tostring(val(b)) .. ')' end
end
mt.__unm = function(a, b) return 'unm' .. a.v .. tostring(rawequal(a, b)) end
mt.__bnot = function(a) return 'bnot' .. a.v end
local a, b = new(1), new(2)
print(a + b, a - 1, 1 * a, a % 'x', a // b)
print(a & b, a | 1, 1 ~ a, a << 2, 3 >> a, -a, ~b)
print(a + nil, nil + a, 'x' - a, true * a)
