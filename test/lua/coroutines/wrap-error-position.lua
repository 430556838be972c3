local w = coroutine.wrap(function() error('positioned') end)
print(pcall(w))
print(pcall(w))
local function f() error('level two', 2) end
print(pcall(coroutine.wrap(function() f() end)))
print(coroutine.resume(coroutine.create(function() string.rep() end)))
