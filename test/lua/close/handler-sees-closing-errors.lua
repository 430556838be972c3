-- xpcall's handler gets the errors of __close in the order in which they are raised, also within coroutines.
local function closing(name)
  return setmetatable({}, { __close = function(_, e) error(name .. '(' .. tostring(e) .. ')', 0) end })
end
local function run()
  return xpcall(function()
    local a <close> = closing('a')
    do
      local b <close> = closing('b')
      local c <close> = closing('c')
      error('start', 0)
    end
  end, function(e)
    print('handler', e)
    return e .. '!'
  end)
end
print(run())
print(coroutine.wrap(run)())
-- closing at a return
print(xpcall(function()
  local a <close> = closing('a')
  return 1
end, function(e) return 'handled ' .. e end))
