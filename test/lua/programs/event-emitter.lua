local Emitter = {}
Emitter.__index = Emitter
function Emitter.new() return setmetatable({ handlers = {} }, Emitter) end
function Emitter:on(event, f) self.handlers[event] = self.handlers[event] or {} table.insert(self.handlers[event], f) return function() self:off(event, f) end end
function Emitter:once(event, f) local remove remove = self:on(event, function(...) remove() return f(...) end) return remove end
function Emitter:off(event, f) for i, h in ipairs(self.handlers[event] or {}) do if h == f then table.remove(self.handlers[event], i) return true end end return false end
function Emitter:emit(event, ...)
  local n = 0
  for _, h in ipairs { table.unpack(self.handlers[event] or {}) } do
    local ok, e = pcall(h, ...)
    if ok then n = n + 1 elseif event ~= 'error' then self:emit('error', e) end
  end
  return n
end
local e = Emitter.new()
local remove = e:on('x', function(a) print('first', a) end)
e:once('x', function(a, b) print('once', a, b) end)
e:on('bad', function() error('handler failed', 0) end)
e:on('error', function(m) print('error handler:', m) end)
print(e:emit('x', 1, 2))
print(e:emit('x', 3))
remove()
print(e:emit('x', 4), e:emit('nothing'), e:emit('bad'), e:off('x', print))
