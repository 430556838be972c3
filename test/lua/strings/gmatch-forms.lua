for w in ('one two  three'):gmatch('%a+') do print(w) end
for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do print(k, v) end
for p, q in ('abc'):gmatch('().()') do print(p, q) end
for e in ('ab'):gmatch('') do print('empty', #e) end
for a in ('xaxbx'):gmatch('x(%w?)') do print('[' .. a .. ']') end
for w in ('one two three'):gmatch('%a+', 5) do print(w) end
for w in ('one two'):gmatch('%a+', -3) do print(w) end
for w in ('one two'):gmatch('^%a+') do print('anchored', w) end
local next = ('12'):gmatch('%d')
print(next(), next(), next(), next())
print(pcall(string.gmatch, 'x'))
local n = 0
for _ in ('a'):rep(1000):gmatch('a') do n = n + 1 end
print(n)
