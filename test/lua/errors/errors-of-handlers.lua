-- Errors of a message handler go to the handler again, until it has room no more.
local function failing(message)
  return setmetatable({}, {__close = function(_, e) error(message .. tostring(e), 0) end})
end

print(xpcall(error, function() error('again') end))
print(xpcall(error, function() local x = nil + 1 end))
print(xpcall(error, error, 'error as its own handler'))

local calls = 0
print(xpcall(error, function(e)
  calls = calls + 1
  if calls < 5 then error('x' .. calls, 0) end
  return calls .. tostring(e)
end))
calls = 0
print(xpcall(error, function(e)
  calls = calls + 1
  if calls < 100 then error(e, 0) end
  return calls
end, 0))

-- in variables that are closed on the way
local function two()
  local a <close> = failing('A')
  local b <close> = failing('B')
  error('first', 0)
end
local function mark(e) return '<' .. e .. '>' end
print(xpcall(two, mark))
print(coroutine.wrap(function() return xpcall(two, mark) end)())

-- when the stack is full
local function endless(...) return 1 + endless(...) end
print(xpcall(endless, endless))
print(xpcall(endless, function(e) return 'handled: ' .. e end))
print(xpcall(endless, function(e) return #debug.traceback(e) > 100 end))
print(xpcall(endless, function(e) return (select(2, pcall(error, 'inner ' .. #e, 0))) end))
for _ = 1, 3 do print(pcall(endless)) end
