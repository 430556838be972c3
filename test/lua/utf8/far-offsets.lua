-- utf8.offset over more characters than there are, in both directions, and from any position.
local s = 'aä€𐍈z'
for _, n in ipairs { math.mininteger, -6, -5, -1, 0, 1, 5, 6, 7, math.maxinteger } do
  print(n, (utf8.offset(s, n)), (utf8.offset('', n)))
end
for i = 1, #s + 1 do print(i, utf8.offset(s, 0, i), pcall(utf8.offset, s, 1, i)) end
print(pcall(utf8.offset, s, 1, #s + 2), pcall(utf8.offset, s, 1, -#s - 1))
