-- Coroutine ping-pong, and many short coroutines through coroutine.wrap.
local SWITCHES, GENERATORS = 1500000, 60000

local ping = coroutine.create(function(x)
  while true do x = coroutine.yield((x * 3 + 1) % 65521) end
end)
local value = 1
for _ = 1, SWITCHES do
  local _, result = coroutine.resume(ping, value)
  value = result
end

local function range(n)
  return coroutine.wrap(function()
    for i = 1, n do coroutine.yield(i) end
  end)
end
local sum = 0
for i = 1, GENERATORS do
  for n in range(i % 10) do sum = (sum + n) % 1000003 end
end
print(value, sum)
