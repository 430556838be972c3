local cos = {}
for i = 1, 100 do cos[i] = coroutine.wrap(function() local n = i while true do n = n + coroutine.yield(n) end end) end
local sum = 0
for i = 1, 100 do sum = sum + cos[i]() end
for i = 1, 100 do sum = sum + cos[i](i) end
print(sum)
for i = 1, 500 do local co = coroutine.create(function() coroutine.yield(('x'):rep(50)) end) coroutine.resume(co) end
print('created')
local function nest(n) if n == 0 then return 'bottom' end return coroutine.wrap(function() return nest(n - 1) end)() end
print(nest(50))
