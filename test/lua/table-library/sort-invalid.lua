-- Order functions that contradict themselves are found out, or at least do no harm.
print(pcall(table.sort, { 3, 1, 2, 5, 4, 7, 6, 9, 8 }, function() return true end))
print(pcall(table.sort, { 1, 2, 3 }, function() error('in order', 0) end))
print(pcall(table.sort, { 1, 2 }, 5))
print(pcall(table.sort))
print(pcall(table.sort, {}, nil))
local calls = 0
table.sort({ 1 }, function() calls = calls + 1 end)
print(calls)
