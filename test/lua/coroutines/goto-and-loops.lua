-- Yields from the middle of loops with goto, nested blocks and varargs.
local co = coroutine.wrap(function(...)
  for i = 1, select('#', ...) do
    local v = select(i, ...)
    if v == 'skip' then goto continue end
    repeat
      local w = coroutine.yield(v, i)
      v = v + 1
    until w
    ::continue::
  end
  return 'end', ...
end)
print(co(1, 'skip', 10))
print(co(false))
print(co(false))
print(co(true))
print(co(true))
