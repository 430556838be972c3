local queue, log = {}, {}
local function spawn(name, n)
  queue[#queue + 1] = coroutine.create(function()
    for i = 1, n do log[#log + 1] = name .. i coroutine.yield() end
    log[#log + 1] = name .. ' done'
  end)
end
spawn('a', 2) spawn('b', 3) spawn('c', 1)
while #queue > 0 do
  local co = table.remove(queue, 1)
  assert(coroutine.resume(co))
  if coroutine.status(co) ~= 'dead' then queue[#queue + 1] = co end
end
print(table.concat(log, ' '))
