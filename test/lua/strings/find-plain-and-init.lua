local s = 'one (two) one'
print(s:find('(two)', 1, true), s:find('(two)'))
print(s:find('one', 2), s:find('one', -3), s:find('one', 100), s:find('one', -100))
print(s:find(''), s:find('', 5), s:find('', 14), s:find('', 15), s:find('', 1, true))
print(('a.b'):find('.', 2, true), ('a.b'):find('%.'), ('a+b'):find('+', 1, true))
print(('\0a\0'):find('\0', 2), ('\0a\0'):find('a', 1, true), ('abc'):find('b', nil, true))
print(('x'):rep(300):find('y', 1, true), (('x'):rep(300) .. 'y'):find('y', 1, true))
print(s:find('o()n()e'), s:find('(o)(n)(e)', 5))
