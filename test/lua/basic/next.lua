local t = { 'only' }
print(next(t), next(t, 1))
print(next({}), type(next), rawequal(next({}), nil))
local n = 0
local k, v = next({ a = 1, b = 2, c = 3 })
print(type(k), type(v))
for _ in next, { 1, 2, 3, x = 4 } do n = n + 1 end
print(n)
print(pcall(next))
print(pcall(next, 5))
