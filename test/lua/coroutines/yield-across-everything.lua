-- Yields from inside pcall, xpcall, iterators, dofile-like load, close handlers.
local co = coroutine.wrap(function()
  print(pcall(function() return coroutine.yield('pcall') end))
  print(xpcall(function(a) return a, coroutine.yield('xpcall') end, print, 'arg'))
  print(pcall(pcall, pcall, coroutine.yield, 'nested'))
  for v in function() return coroutine.yield('iterator') end do print('got', v) end
  print(load("return coroutine.yield('loaded')")())
  do
    local _ <close> = setmetatable({}, { __close = function() print('closing', coroutine.yield('close')) end })
  end
  print(select(2, pcall(error, coroutine.yield('argument'))))
  return 'done'
end)
print(co())
print(co('p'))
print(co('x'))
print(co('n'))
print(co(1))
print(co(2))
print(co(nil))
print(co('l'))
print(co('c'))
print(co('e'))
