local t = { 1, 2, 3, a = 'A', b = 'B', [100] = 'C' }
local keys = {}
for k, v in pairs(t) do keys[#keys + 1] = tostring(k) .. '=' .. tostring(v) end
table.sort(keys)
print(table.concat(keys, ' '))
local order = {}
for k in pairs { 10, 20, 30 } do order[#order + 1] = k end
print(table.concat(order, ' '))
print(pcall(pairs))
print((pcall(pairs, nil)))
