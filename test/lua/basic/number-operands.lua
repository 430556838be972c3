-- __concat gets numbers as numbers; utf8.offset with the extreme distances
local m = setmetatable({}, { __concat = function(a, b) return type(a) .. '-' .. type(b) end })
print(m .. 1, 1 .. m, m .. 1 .. 2, m .. 'x', 'x' .. m)
print(utf8.offset('1', math.mininteger), utf8.offset('', math.mininteger))
print(utf8.offset('1', math.maxinteger), utf8.offset('', math.maxinteger))
print(utf8.offset('123', -5), utf8.offset('123', -3), utf8.offset('123', -4))
