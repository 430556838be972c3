-- A value called by way of __call in tail position takes the place of its caller, as a function does.
local calls = 0
local loop = setmetatable({}, {__call = function(self, k, ...)
  calls = calls + 1
  if k == 0 then return 'done', select('#', ...), ... end
  return self(k - 1, ...)
end})
print(loop(50000), calls)
print(loop(10, 'a', nil, 'c'))

-- Chains of callable values, with many arguments.
local inner = setmetatable({}, {__call = function(a, b, ...) return select('#', ...), type(a), type(b), ... end})
local outer = setmetatable({}, {__call = inner})
print(select('#', (function(...) return outer(...) end)(table.unpack({}, 1, 200))))
print((function(...) return outer(...) end)(1, 2, 3))

-- Levels: the caller is gone.
local function levels(object) return object() end
for level = 0, 3 do
  local raiser = setmetatable({}, {__call = function() error('raised', level) end})
  print(level, pcall(levels, raiser))
  print(level, pcall(function() return raiser() end))
  print(level, pcall(function() local r = raiser() return r end))
end
local seen = setmetatable({}, {__call = function()
  local info = debug.getinfo(1, 'nt')
  return info.istailcall, info.name, debug.getinfo(2, 'S').what
end})
print((function() return seen() end)())

-- Library functions behind __call have the caller's frame below them.
print(pcall(function() return setmetatable({}, {__call = select})(1) end))
print((function() return setmetatable({}, {__call = function(_, ...) return pcall(...) end})(error, 'x', 0) end)())
print((function() return setmetatable({}, {__call = rawlen})() end)())
local co = coroutine.create(function() return setmetatable({}, {__call = coroutine.yield})(1, 2) end)
print(select('#', coroutine.resume(co)), coroutine.resume(co, 'a', 'b'))

-- Upvalues are closed, and nothing callable is an error by name.
local function counter()
  local n = 0
  local step = setmetatable({}, {__call = function(_, f) return f, f() end})
  return step(function() n = n + 1 return n end)
end
local f, first = counter()
print(first, f(), f())
print(pcall(function() local x = {} return x() end))
print(pcall(function() local x = setmetatable({}, {__call = 3}) return x() end))
print(pcall(function() return absent(1) end))
