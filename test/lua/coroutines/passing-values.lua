local co = coroutine.wrap(function(...)
  local args = table.pack(...)
  while true do args = table.pack(coroutine.yield(args.n, table.unpack(args, 1, args.n))) end
end)
print(co())
print(co(nil))
print(co(1, nil, 3))
print(co('a', 'b'))
print(select('#', co()))
local t = { coroutine.wrap(function() return 1, 2, 3 end)() }
print(#t)
local y = coroutine.wrap(function() local a, b = (coroutine.yield(1)), coroutine.yield(2) return a, b end)
print(y(), y('a', 'dropped'), y('b', 'c'))
