local t = {}
for i = 1, 100 do t[i] = i * i end
print(#t, t[1], t[50], t[100], t[101], t[0], t[-1])
for i = 100, 51, -1 do t[i] = nil end
print(#t)
t[#t + 1] = 'appended'
print(#t, t[51])
local r = {}
for i = 10, 1, -1 do r[i] = i end
print(#r, table.concat(r, ' '))
