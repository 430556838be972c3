local s = 'a€b😀c'
for i = -5, 6 do print(i, utf8.offset(s, i)) end
print(utf8.offset(s, 0, 3), utf8.offset(s, 0, 1), utf8.offset(s, 2, 2), utf8.offset(s, -1, 5))
print(pcall(utf8.offset, s, 1, 3))
print(pcall(utf8.offset, s, 1, 100))
print(utf8.offset('', 1), utf8.offset('', 2), utf8.offset('', 0))
