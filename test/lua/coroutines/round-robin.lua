-- Threads that take turns, with messages between them.
local queue, boxes = {}, {}
local function spawn(name, f)
  boxes[name] = {}
  queue[#queue + 1] = { name = name, co = coroutine.create(f) }
end
local function send(to, m) table.insert(boxes[to], m) end
local function receive(me)
  while #boxes[me] == 0 do coroutine.yield('wait') end
  return table.remove(boxes[me], 1)
end
spawn('ping', function()
  for i = 1, 4 do send('pong', i) print('ping got', receive('ping')) end
  send('pong', 'stop')
end)
spawn('pong', function()
  while true do
    local m = receive('pong')
    if m == 'stop' then return 'stopped' end
    send('ping', m * m)
  end
end)
local turns = 0
while #queue > 0 do
  local task = table.remove(queue, 1)
  local fine, result = coroutine.resume(task.co)
  turns = turns + 1
  assert(fine, result)
  if coroutine.status(task.co) == 'dead' then print(task.name, 'ended', result) else queue[#queue + 1] = task end
end
print(turns)
