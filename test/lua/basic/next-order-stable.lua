-- A traversal sees each field once, also while fields are changed or removed.
local t = {}
for i = 1, 40 do t[i] = i t['k' .. i] = -i end
local count, sum = 0, 0
for k, v in next, t do
  count = count + 1
  if type(k) == 'number' then t[k] = v + 100 elseif v % 2 == 0 then t[k] = nil end
end
for _, v in pairs(t) do sum = sum + v end
print(count, sum)
for k in pairs(t) do t[k] = nil end
print(next(t), #t)
print(next({}), next({ 'a' }), next({ 'a' }, 1), next({ x = 1 }))
print(pcall(next, {}, 1), pcall(next), pcall(next, 5))
