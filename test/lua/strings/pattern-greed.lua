local s = '<a><b></b></a>'
print(s:match('<.*>'), s:match('<.->'), s:match('<.+>'), s:match('<.->', 2), s:match('<.?>'))
print(('aaab'):match('a*b'), ('aaab'):match('a-b'), ('aaab'):match('a+a'), ('aaab'):match('a?b'), ('b'):match('a?b'))
print(('aaa'):match('^(a-)$'), ('aaa'):match('(a-)a'), ('aaa'):match('(a*)a'), ('aaa'):match('(a+)(a+)'))
print(('x = {1, {2}, 3}'):match('%b{}'), ('(()'):match('%b()'), ('())'):match('%b()'), (')('):match('%b()'))
print(('THE (quick) fox'):find('%((%a+)%)'), ('THE (quick) fox'):gsub('%f[%a]%a', '#'))
print(('foo.bar'):gsub('%f[%w]%w+', string.upper), ('[x]'):gsub('%f[%]]', '|'), ('abc'):find('%f[%z]'))
print(('abab'):match('^(ab)%1$'), ('abcab'):match('(a)(b)c%1%2'), ('xyxx'):match('(x)y%1%1'))
