-- What a finalizer sees of itself and of those below it, what may be one, and where its errors go.
warn('@off')

local function finalize(f)
  local o = setmetatable({}, {__gc = f})
  o = nil
  collectgarbage()
end

finalize(5)
finalize(true)
finalize(setmetatable({}, {__call = function(self, o) print('called', type(self), type(o)) end}))
finalize(error)
finalize(pcall)
finalize(xpcall)
finalize(function(...) print(select('#', ...), type((...))) end)
finalize(function()
  local i = debug.getinfo(1, 'nSlt')
  print(i.name, i.namewhat, i.what, i.currentline, i.istailcall)
  i = debug.getinfo(2, 'nSl')
  print(i.name, i.namewhat, i.what, i.currentline)
  print((debug.traceback('traceback', 1):gsub('%s*%[C%]: in %?$', '')))
  print(coroutine.isyieldable(), pcall(coroutine.yield))
  error('two levels up', 2)
end)
coroutine.wrap(function()
  finalize(function()
    print(coroutine.isyieldable(), pcall(coroutine.yield))
    coroutine.yield()
  end)
end)()

-- errors of all kinds
finalize(function() error({}) end)
finalize(function() error(setmetatable({}, {__tostring = function() return 'text' end})) end)
finalize(function()
  local x <close> = setmetatable({}, {__close = function(_, e) print('closed', e) end})
  error('closing')
end)
finalize(function() return debug.traceback() .. nil end)
finalize(function() return error('in tail position', 0) end)
finalize(function(o) o.x.y = 1 end)
finalize(function() local function deep() return 1 + deep() end deep() end)

-- no message handler and no protected call of the script sees them
print(xpcall(function() finalize(function() error('inside') end) return 'fine' end, function(m) print('handler', m) return m end))

-- finalizers don't interrupt each other
finalize(function()
  print('outer begins')
  finalize(function() print('inner') end)
  print('outer ends')
end)
collectgarbage()
