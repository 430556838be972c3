for w in ('one two  three'):gmatch('%a+') do print(w) end
for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do print(k, v) end
for p in ('abc'):gmatch('()') do print(p) end
for x in ('abc'):gmatch('') do print('[' .. x .. ']') end
for a, b in ('k1v1k2v2'):gmatch('k(%d)v(%d)') do print(a, b) end
for w in ('abc abc'):gmatch('b', 4) do print('from 4', w) end
for w in ('xyz'):gmatch('%a', -1) do print(w) end
local it = ('a b'):gmatch('%a')
print(it(), it(), it())
