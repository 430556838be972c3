-- Closing a suspended coroutine closes its variables in reverse order; errors replace one another.
local function closer(name, e) return setmetatable({}, { __close = function(_, cause) print('close', name, cause) if e then error(e, 0) end end }) end
local co = coroutine.create(function()
  local a <close> = closer('a')
  local b <close> = closer('b')
  do local c <close> = closer('c') end
  coroutine.yield()
end)
coroutine.resume(co)
print(coroutine.close(co))
co = coroutine.create(function()
  local a <close> = closer('a')
  local b <close> = closer('b', 'from b')
  local c <close> = closer('c', 'from c')
  coroutine.yield()
end)
coroutine.resume(co)
print(coroutine.close(co))
print(coroutine.status(co))
