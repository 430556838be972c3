local s = 'aé€😀z'
for i = -6, 6 do print(i, utf8.offset(s, i)) end
for i = 1, #s + 1 do print(i, pcall(utf8.offset, s, 1, i)) end
print(utf8.offset(s, 0, 3), utf8.offset(s, 0, 8), utf8.offset(s, 0))
print(utf8.len(s), utf8.len(s, 2), utf8.len(s, -1), utf8.len(s, 1, 1), utf8.len(''), utf8.len(s, 12))
print(pcall(utf8.len, s, 14), pcall(utf8.len, s, 0))
print(utf8.codepoint(s, 1, -1))
print(select('#', utf8.codepoint(s, 3, 2)), pcall(utf8.codepoint, s, 0))
