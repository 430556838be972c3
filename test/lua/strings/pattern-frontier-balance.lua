print(('THE (quick) fox'):find('%f[%a]%a+%f[%A]'))
for w in ('the cat sat'):gmatch('%f[%w]%w+') do print(w) end
print(('foo(bar(baz))qux'):match('%b()'), ('((()'):match('%b()'), ('{a}{b}'):gsub('%b{}', '<>'))
print(('"quoted"'):match('%b""'), ('xx'):match('%bxx'), ('word'):match('%f[%z]'), ('word'):find('%f[%z]'))
print(('aaa bbb'):gsub('%f[%w]%w', string.upper))
