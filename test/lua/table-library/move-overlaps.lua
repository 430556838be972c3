local function show(t) print(table.concat(t, ' ')) end
local t = { 1, 2, 3, 4, 5 }
show(table.move(t, 1, 3, 2))
t = { 1, 2, 3, 4, 5 }
show(table.move(t, 2, 5, 1))
t = { 1, 2, 3 }
show(table.move(t, 1, 3, 3))
show(table.move({ 1, 2, 3 }, 1, 0, 5))
show(table.move({ 'a', 'b' }, 1, 2, 1, { 'x', 'y', 'z' }))
print(pcall(table.move, {}, 1, math.maxinteger, 2))
print(pcall(table.move, {}, -1, math.maxinteger, 2))
print(pcall(table.move, {}, 1, 2))
print(pcall(table.move, {}, 1, 2, 1, 5))
local log = {}
local proxy = setmetatable({}, { __newindex = function(_, k, v) log[#log + 1] = k .. '=' .. v end })
table.move({ 10, 20, 30 }, 1, 3, 5, proxy)
print(table.concat(log, ' '))
