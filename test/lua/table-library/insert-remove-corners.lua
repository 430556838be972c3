local t = {}
table.insert(t, 'a') table.insert(t, 1, 'b') table.insert(t, #t + 1, 'c') table.insert(t, 2, 'd')
print(table.concat(t, ' '))
print(table.remove(t, 1), table.remove(t), table.remove(t, #t + 1), table.concat(t, ' '))
print(table.remove({}), table.remove({}, 0), table.remove({ [0] = 'zero' }, 0), #t)
print(pcall(table.insert, t, 0, 'x'), pcall(table.insert, t, 5, 'x'), pcall(table.remove, t, 9))
print(pcall(table.insert, t), pcall(table.insert, t, 1, 2, 3), pcall(table.insert, t, 'x', 1))
local s = {}
for i = 1, 50 do table.insert(s, 1, i) end
print(s[1], s[50], #s)
for _ = 1, 49 do table.remove(s, 1) end
print(s[1], #s)
print(select('#', table.insert({}, 1)), select('#', table.remove({})))
