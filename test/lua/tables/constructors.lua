local function three() return 1, 2, 3 end
local t = { 'a', x = 1, 'b'; 'c', [2] = 'overwritten?', y = 2, }
print(#t, t[1], t[2], t[3], t.x, t.y)
local big = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, three() }
print(#big, big[51], big[58])
local nested = { { 1, { 2 } }, k = { k = { k = 'deep' } } }
print(nested[1][2][1], nested.k.k.k)
print(#{}, #{ nil }, #{ n = 1 })
