print('a' .. 'b' .. 'c', 1 .. '', '' .. -1, 1 .. 2)
print('x' .. math.mininteger, 'x' .. 0x10)
local t = {}
for i = 1, 10 do t[i] = i .. ':' .. i * i end
print(table.concat(t, ' '))
local s = ''
for i = 1, 100 do s = s .. i % 10 end
print(s, #s)
local a, b, c, d = 'a', 2, 'c', 4
print(a .. b .. c .. d .. a .. b .. c .. d, a .. (b .. c) .. d, (a .. b) .. (c .. d))
print(pcall(function() return 'a' .. nil end))
print(pcall(function() return {} .. 'a' end))
print(pcall(function() return 'a' .. true end))
