print(('abc'):gsub('^a', 'x'), ('aaa'):gsub('^a', 'x'), ('abc'):gsub('c$', 'x'), ('a$c'):gsub('$c', 'x'))
print(('abc'):match('^abc$'), ('abcd'):match('^abc$'), (''):match('^$'), ('a^b'):match('a^b'))
for w in ('aab'):gmatch('^a') do print('gmatch anchor', w) end
print(('hello'):gsub('$', '!'), ('hello'):gsub('^', '>'), (''):gsub('^$', 'empty'))
