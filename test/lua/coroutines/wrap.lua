local gen = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
print(gen(), gen(), gen(), gen())
print(pcall(gen))
for v in coroutine.wrap(function() coroutine.yield('a') coroutine.yield('b') end) do print(v) end
print(pcall(coroutine.wrap(function() error('inside', 0) end)))
print(pcall(coroutine.wrap(function() error({}) end)) == false)
print(pcall(coroutine.wrap(function() local x = nil; x() end)))
print(coroutine.wrap(function(...) return select('#', ...), ... end)(1, nil))
