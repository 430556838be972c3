local s = 'abcdef'
for _, r in ipairs { { 1 }, { 3 }, { 0 }, { -1 }, { -3 }, { 7 }, { -10 }, { 2, 4 }, { 2, -2 }, { -4, -2 }, { 4, 2 }, { 0, 0 }, { -100, 100 }, { 3, 3 }, { 7, 9 } } do
  print(r[1], r[2], '[' .. s:sub(r[1], r[2]) .. ']')
end
print(s:sub(math.mininteger, math.maxinteger), s:sub(math.maxinteger), '[' .. s:sub(1, math.mininteger) .. ']')
print(pcall(string.sub))
print(pcall(string.sub, 'x', {}))
print(('x'):sub('1'))
