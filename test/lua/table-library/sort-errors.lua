print(pcall(table.sort, { 1, 'x', 2 }))
print(pcall(table.sort, { {}, {} }))
print(pcall(table.sort, { 3, 2, 1 }, function() error('in compare', 0) end))
print(pcall(table.sort, { 1, 2 }, 'not a function'))
print(pcall(table.sort))
print(pcall(table.sort, { 1, nil, 3 }, nil) ~= nil)
local t = {}
for i = 1, 100 do t[i] = i % 5 end
print((pcall(table.sort, t, function() return true end)))
