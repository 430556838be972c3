-- A message handler is called for its own errors, and for those of __close while the stack unwinds.
print(xpcall(error, function(e) error('again', 0) end))
local n = 0
print(xpcall(error, function(e)
  n = n + 1
  if n < 4 then error('again ' .. n, 0) end
  return 'done: ' .. tostring(e)
end, 'first'))
print(xpcall(error, function(e)
  n = n + 1
  if n < 14 then local x = nil + 1 end
  return 'done: ' .. tostring(e)
end, 'first'))

-- deep within itself it is told so
local function down(v)
  if type(v) ~= 'number' then return v end
  if v == 0 then return 'END' end
  error(v - 1)
end
print(xpcall(error, down, 10))
print(xpcall(error, down, 170))
print(xpcall(error, down, 300))

local function closing(name, e)
  return setmetatable({}, { __close = function(_, cause)
    print('close', name, cause)
    if e then error(e, 0) end
  end })
end
local function handler(e)
  print('handler', e)
  return '<' .. tostring(e) .. '>'
end
print(xpcall(function()
  local a <close> = closing('a', 'in a')
  local b <close> = closing('b')
  local c <close> = closing('c', 'in c')
  error('x', 0)
end, handler))
-- a protected call inside has no handler
print(xpcall(function()
  print(pcall(function()
    local a <close> = closing('a', 'in a')
    error('inner', 0)
  end))
  error('outer', 0)
end, handler))
