local now, timers, log = 0, {}, {}
local function sleep(n) coroutine.yield('sleep', n) end
local function spawn(f, ...) local co = coroutine.create(f) timers[#timers + 1] = { at = now, co = co, args = table.pack(...), n = #timers } return co end
local function run()
  local order = 0
  while #timers > 0 do
    table.sort(timers, function(a, b) if a.at ~= b.at then return a.at < b.at end return a.n < b.n end)
    local t = table.remove(timers, 1)
    now = t.at
    local ok, what, n = coroutine.resume(t.co, table.unpack(t.args or {}, 1, t.args and t.args.n or 0))
    if not ok then log[#log + 1] = now .. ' failed: ' .. what
    elseif what == 'sleep' then order = order + 1 timers[#timers + 1] = { at = now + n, co = t.co, n = 1000 + order } end
  end
end
spawn(function(name) for i = 1, 3 do log[#log + 1] = now .. ' ' .. name .. i sleep(10) end end, 'a')
spawn(function(name) for i = 1, 2 do log[#log + 1] = now .. ' ' .. name .. i sleep(15) end spawn(function() log[#log + 1] = now .. ' child' end) end, 'b')
spawn(function() sleep(12) error('task error', 0) end)
run()
for _, l in ipairs(log) do print(l) end
