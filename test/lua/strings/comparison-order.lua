local list = { 'b', 'a', 'B', 'A', '', 'aa', 'a\0', 'a\0b', 'ab', '10', '9', ' ', 'z', '~', 'é' }
table.sort(list)
for i, s in ipairs(list) do print(i, ('%q'):format(s)) end
print('a' < 'b', 'a' <= 'a', 'a' > '', 'Z' < 'a', 'a\0a' < 'a\0b', 'abc' < 'abcd', '' < '\0')
print(('x'):rep(100) < ('x'):rep(101), ('x'):rep(100) .. 'a' < ('x'):rep(100) .. 'b', ('x'):rep(50) == ('x'):rep(50))
