local function sorted(t, f) table.sort(t, f) return table.concat(t, ' ') end
print(sorted { 3, 1, 2 }, sorted { 5, 4, 3, 2, 1 }, sorted { 1 }, sorted {} == '', sorted { 'b', 'a', 'C' })
print(sorted({ 3, 1, 2 }, function(a, b) return a > b end))
local t, seed = {}, 17
for i = 1, 200 do seed = (seed * 1103515245 + 12345) % 2147483648 t[i] = seed % 1000 end
table.sort(t)
local ok = true
for i = 2, #t do ok = ok and t[i - 1] <= t[i] end
print(ok, t[1], t[100], t[200])
table.sort(t, function(a, b) return a % 10 * 1000 + a > b % 10 * 1000 + b end)
print(t[1], t[200])
local same = {}
for i = 1, 50 do same[i] = 7 end
print(#sorted(same))
local people = { { n = 'Bob', a = 30 }, { n = 'Al', a = 25 }, { n = 'Cy', a = 35 } }
table.sort(people, function(x, y) return x.a < y.a end)
for _, p in ipairs(people) do print(p.n, p.a) end
