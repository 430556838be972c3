-- Every arithmetic event, with the operand on either side, and the message where there is none.
local names = { 'add', 'sub', 'mul', 'idiv', 'mod', 'unm', 'band', 'bor', 'bxor', 'bnot', 'shl', 'shr' }
local mt = {}
for _, name in ipairs(names) do
  mt['__' .. name] = function(a, b) return name .. ':' .. type(a) .. ':' .. type(b) end
end
local t = setmetatable({}, mt)
print(t + 1, 1 + t, t - 1, 1 - t)
print(t * 1, 2 * t, t // 3, 3 // t)
print(t % 4, 4 % t, t & 5, 5 & t)
print(t | 6, 6 | t, t ~ 7, 7 ~ t)
print(t << 8, 8 << t, t >> 9, 9 >> t)
print(-t, ~t, t + 'x', 'x' + t, t & 'y')
print(t + t, t + nil, nil + t, true // t)
for _, source in ipairs({ '{} + 1', '1 - {}', '{} * {}', '-{}', '~{}', '{} & 1', 'print << 1', "'a' + 1", "1 | 'a'" }) do
  print(source, select(2, pcall(load('return ' .. source, '=x'))))
end
