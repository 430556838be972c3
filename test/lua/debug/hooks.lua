-- Count, line and call hooks; a hook is off while it runs, and belongs to one coroutine.
local lines = {}
local function f(n)
  local sum = 0
  for i = 1, n do
    sum = sum + i
  end
  return sum
end
debug.sethook(function(event, line) lines[#lines + 1] = line end, 'l')
f(3)
debug.sethook()
print(table.concat(lines, ' '))

local calls = {}
debug.sethook(function(event)
  local info = debug.getinfo(2, 'nS')
  calls[#calls + 1] = event .. ' ' .. tostring(info.name) .. ' ' .. info.what
end, 'c')
f(1)
local _ = math.max(1, 2)
debug.sethook()
print(table.concat(calls, ', '))

local count = 0
debug.sethook(function() count = count + 1 end, '', 100)
for _ = 1, 10000 do end
debug.sethook()
print(count > 50, debug.gethook())

local co = coroutine.create(function() local x = 1 coroutine.yield() return x end)
local seen = 0
debug.sethook(co, function() seen = seen + 1 end, 'l')
f(5)
print(seen, coroutine.resume(co))
print(seen, select(2, debug.gethook(co)), debug.gethook())

print(pcall(function()
  debug.sethook(function() debug.sethook() error('from the hook', 0) end, 'l')
  local a = 1
  return a
end))
