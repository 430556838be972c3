local t = { 1, 2, 3, nil, 5 }
print(table.unpack(t, 1, 5))
print(table.unpack(t, 2, 3))
print(select('#', table.unpack({}, 1, 3)), select('#', table.unpack({})), select('#', table.unpack(t, 5, 4)))
print(table.unpack({ 'a', 'b' }, -1, 1))
print(pcall(table.unpack, {}, 1, 1 << 40))
print(pcall(table.unpack, {}, math.mininteger, math.maxinteger))
print(table.unpack({ [math.maxinteger] = 'last' }, math.maxinteger, math.maxinteger))
print(select('#', table.unpack({}, math.maxinteger, math.maxinteger)))
print(table.pack().n, table.pack(nil, nil).n, table.pack(1, nil, 3)[3])
local function sum(...) local s = 0 for _, v in ipairs({ ... }) do s = s + v end return s end
local many = {}
for i = 1, 240 do many[i] = i end
print(sum(table.unpack(many)), (table.unpack(many, 240)))
