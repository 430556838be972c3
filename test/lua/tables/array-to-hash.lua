local t = {}
for i = 1, 64 do t[i * 1000] = i end
local sum = 0
for k, v in pairs(t) do sum = sum + k // 1000 - v end
print(sum, t[64000], #t)
for i = 1, 10 do t[i] = i end
print(#t, t[10], t[64000])
local s = { [1] = 'a', [2] = 'b', [3] = 'c' }
print(#s)
s[4] = 'd'
print(#s, s[4])
