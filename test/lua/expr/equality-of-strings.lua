local a = 'hello'
local b = 'hel' .. 'lo'
local c = table.concat { 'h', 'ello' }
local long = ('x'):rep(300)
local long2 = ('x'):rep(100) .. ('x'):rep(200)
print(a == b, b == c, long == long2, long ~= long2 .. 'y')
local t = { [a] = 1, [long] = 2 }
print(t[b], t[c], t[long2], t[long .. ''])
