-- An error goes up through coroutines as far as nobody catches it.
local function nest(depth)
  if depth == 0 then error('deep', 0) end
  local co = coroutine.create(nest)
  local fine, e = coroutine.resume(co, depth - 1)
  if not fine then error(e .. depth, 0) end
end
print(pcall(nest, 5))
local function wrapped(depth)
  if depth == 0 then error({ depth = 'table' }) end
  coroutine.wrap(wrapped)(depth - 1)
end
local fine, e = pcall(wrapped, 4)
print(fine, type(e), e.depth)
local co = coroutine.create(function() local x = nil; x() end)
print(coroutine.resume(co))
print(coroutine.resume(co))
print(coroutine.status(co))
