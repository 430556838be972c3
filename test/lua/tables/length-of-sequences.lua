print(#{ 1 }, #{ 1, 2 }, #{ 1, 2, 3, 4, 5, 6, 7, 8, 9 })
local t = { n = 0 }
print(#t)
for i = 1, 17 do t[i] = true end
print(#t)
t[#t] = nil
t[#t] = nil
print(#t)
local lens = {}
local u = {}
for i = 1, 40 do u[#u + 1] = i lens[#lens + 1] = #u end
print(table.concat(lens, ' '))
