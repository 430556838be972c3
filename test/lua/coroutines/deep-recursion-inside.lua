-- A coroutine's stack grows as the main one does.
local function depth(n) if n == 0 then return coroutine.yield('bottom') end return 1 + depth(n - 1) end
local co = coroutine.create(depth)
print(coroutine.resume(co, 3000))
print(coroutine.resume(co, 0))
local fine, e = coroutine.resume(coroutine.create(function() local function f() return 1 + f() end return f() end))
print(fine, (e:gsub('%(message truncated.*', '')):match('stack overflow'))
