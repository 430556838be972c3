-- A thousand coroutines alive at once, each with a state of its own.
local all = {}
for i = 1, 1000 do
  all[i] = coroutine.create(function(n)
    local sum = 0
    while true do sum = sum + n * i n = coroutine.yield(sum) end
  end)
end
local total = 0
for round = 1, 3 do
  for i = 1, #all do total = total + select(2, coroutine.resume(all[i], round)) end
end
print(total)
for i = 1, #all, 2 do coroutine.close(all[i]) end
local dead = 0
for i = 1, #all do if coroutine.status(all[i]) == 'dead' then dead = dead + 1 end end
print(dead)
