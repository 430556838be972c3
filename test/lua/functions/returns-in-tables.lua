local function three() return 1, 2, 3 end
local t = { three(), three() }
print(#t, table.concat(t, ','))
t = { three(), (three()) }
print(#t)
t = { three(), nil }
print(#t >= 1, t[1], t[2])
t = { x = three(), three() }
print(t.x, #t)
print(three(), 10)
print(10, three())
print((three()))
