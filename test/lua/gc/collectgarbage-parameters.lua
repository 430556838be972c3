-- Parameters of the collector: what setting them returns, and what is refused.
print(collectgarbage('incremental') ~= nil, collectgarbage('setpause', 150), collectgarbage('setpause', 200))
for _, option in ipairs({ 'setpause', 'setstepmul' }) do
  local before = collectgarbage(option, 1000)
  local results = {}
  for _, n in ipairs({ 150, 4, 3, 0, -1, -7, 1020, 1024, 5000, 1 << 40, '16' }) do
    results[#results + 1] = collectgarbage(option, n)
  end
  print(option, table.concat(results, ' '), collectgarbage(option), collectgarbage(option, before))
end
print(collectgarbage('incremental', 120, 400, 10), collectgarbage('setpause', 120), collectgarbage('setstepmul', 400))
print(collectgarbage('incremental', 0, 0, 0), collectgarbage('setpause', 200), collectgarbage('setstepmul', 100))
print(collectgarbage('incremental', nil, 300), collectgarbage('setstepmul', 100), collectgarbage('incremental', 200, 100, 99))
print(collectgarbage('generational', 20, 100), collectgarbage('generational'), collectgarbage('incremental', 200, 100, 13))

-- a step of many KiB ends a cycle, as do enough small ones
print(collectgarbage('step', 100000), collectgarbage('step', 1 << 30))
for _, n in ipairs({ 0, 1, 16 }) do
  local rounds, list = 0, {}
  for i = 1, 1000 do list[i] = { i } end
  repeat rounds = rounds + 1 until collectgarbage('step', n) or rounds == 10000
  print(n, rounds < 10000, #list)
end
collectgarbage('stop')
local weak = setmetatable({ {} }, { __mode = 'v' })
repeat until collectgarbage('step', 64)
repeat until collectgarbage('step', 64)
print(weak[1], collectgarbage('isrunning'), collectgarbage('restart'), collectgarbage('isrunning'))

-- whatever the parameters, nothing that lives is lost, and what is dead goes
for _, p in ipairs({ { 0, 0, 0 }, { 100, 4, 1 }, { 1000, 1000, 6 }, { 4, 1020, 20 } }) do
  collectgarbage('incremental', p[1], p[2], p[3])
  local kept, seen = {}, setmetatable({}, { __mode = 'k' })
  for i = 1, 3000 do
    local t = { i, tostring(i) }
    seen[t] = true
    if i % 10 == 0 then kept[#kept + 1] = t end
  end
  collectgarbage()
  local n = 0
  for t in pairs(seen) do n = n + t[1] % 10 + 1 end
  print(#kept, n, kept[7][1], kept[300][2])
end
collectgarbage('incremental', 200, 100, 13)

for _, arguments in ipairs({ { 'step', 'x' }, { 'step', {} }, { 'step', '7' }, { 'setpause', true }, { {} }, { 12 },
  { 'incremental', 1, 'x' }, { 'incremental', 1, 2, print }, { 'generational', 'y' }, { 'generational', 1, {} },
  { 'count', 'x' }, { '' }, { 'Collect' } }) do
  local worked, message = pcall(collectgarbage, table.unpack(arguments))
  print(worked, worked or message)
end
print(pcall(function() collectgarbage('step', {}) end))

-- within a finalizer nothing is done
local results
setmetatable({}, { __gc = function()
  results = { collectgarbage('count'), collectgarbage('step'), collectgarbage(), collectgarbage('isrunning'),
    collectgarbage('generational'), collectgarbage('incremental', 1), collectgarbage('setpause', 1), n = 7 }
end })
collectgarbage()
print(next(results), results.n, collectgarbage('setpause', 200))
