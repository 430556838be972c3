local t = {}
for i = 1, 200 do t[i] = i end
local function sum(...) local s = 0 for _, v in ipairs { ... } do s = s + v end return s, select('#', ...) end
print(sum(table.unpack(t)))
local function take(a, b, c, d, e, f, g, h, i, j, k, l) return l, k, j, i, h, g, f, e, d, c, b, a end
print(take(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))
