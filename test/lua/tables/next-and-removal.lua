local t = {}
for i = 1, 20 do t['k' .. i] = i end
for k, v in pairs(t) do if v % 2 == 0 then t[k] = nil end end
local left = {}
for k in pairs(t) do left[#left + 1] = k end
table.sort(left)
print(table.concat(left, ' '))
for k in pairs(t) do t[k] = 0 end
local n = 0
for _, v in pairs(t) do n = n + 1 assert(v == 0) end
print(n)
while next(t) do t[next(t)] = nil end
print(next(t), next({}), next({ 5 }))
print(pcall(next, {}, 'nokey'))
