local function loop(n, acc)
  if n == 0 then return acc end
  if n % 1000 == 0 then coroutine.yield(n) end
  return loop(n - 1, acc + 1)
end
local co = coroutine.create(loop)
repeat print(coroutine.resume(co, 5000, 0)) until coroutine.status(co) == 'dead'
print(coroutine.wrap(function(...) return select(...) end)(2, 'a', 'b', 'c'))
local w = coroutine.wrap(coroutine.yield)
print(w(1, 2))
print(w(3))
