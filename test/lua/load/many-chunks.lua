local sum = 0
for i = 1, 100 do sum = sum + load('return ' .. i .. ' * 2')() end
print(sum)
local fs = {}
for i, op in ipairs { '+', '-', '*', '//', '%', '&', '|', '~', '<<', '>>' } do fs[i] = load('local a, b = ... return a ' .. op .. ' b') end
for _, f in ipairs(fs) do print(f(100, 7)) end
