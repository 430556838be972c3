-- Protected calls in __close catch, also while an error unwinds and while a coroutine is closed.
local function closer(name)
  return setmetatable({}, { __close = function(_, e)
    print(name, e, pcall(error, 'inner ' .. name, 0))
  end })
end
do local a <close> = closer 'normal' end
print(pcall(function() local a <close> = closer 'error' error('outer', 0) end))
local co = coroutine.create(function()
  pcall(function()
    local a <close> = closer 'first'
    local b <close> = closer 'second'
    coroutine.yield()
  end)
end)
coroutine.resume(co)
print(coroutine.close(co), coroutine.status(co))
local failing = coroutine.create(function()
  local a <close> = closer 'last'
  local b <close> = setmetatable({}, { __close = function() error('from close', 0) end })
  coroutine.yield()
end)
coroutine.resume(failing)
print(coroutine.close(failing))
local function named() local first, second <close> = 1, 42 end
print(pcall(named))
