-- A sieve of coroutines, each of which filters one prime.
local function numbers() return coroutine.wrap(function() local i = 2 while true do coroutine.yield(i) i = i + 1 end end) end
local function sieve(p, g)
  return coroutine.wrap(function()
    for n in g do if n % p ~= 0 then coroutine.yield(n) end end
  end)
end
local g, primes = numbers(), {}
for i = 1, 25 do
  primes[i] = g()
  g = sieve(primes[i], g)
end
print(table.concat(primes, ' '))
