-- What fails inside a library function has no position; what a library function raises has its caller's.
local function try(f, ...) print(pcall(f, ...)) end
try(function() table.sort({ 1, 'a' }) end)
try(function() table.sort({ 1, {}, 2 }) end)
try(function() return math.max({}, 1) end)
try(function() return next({}, 'no key') end)
try(function() rawset({}, nil, 1) end)
try(function() coroutine.yield() end)
try(function() return table.sort({ 1, 2, 3, 4, 5 }, function() return true end) end)
try(function() table.sort({ 1, 2, 3, 4, 5 }, function() return true end) end)
try(function() return table.unpack(setmetatable({}, { __len = function() return 'x' end })) end)
try(function() return table.insert({}, 5, 1) end)
try(function() return table.concat({ 1, {} }) end)
try(function() return table.concat(setmetatable({ 1, {} }, { __len = function() return 2 end })) end)
try(function()
  return
    error('here', 2)
end)

-- operands of arithmetic with strings: types, not names of metatables
local named = setmetatable({}, { __name = 'Named' })
try(function() return named / 'x' end)
try(function() return 'x' + named end)
try(function() return named + 1 end)
try(function() return named & '1' end)

-- names of operands
try(function() ('s').x = 1 end)
try(function() return ({})[-3] % 1 end)
try(function() return ({})[256] % 1 end)
try(function() return ({})[255] % 1 end)
try(function() for i in next, {}, nil, 5 do end end)
try(function() local _ENV = nil return x end)
try(function() local _ENV = nil x = 1 end)
local inner
do
  local _ENV = nil
  function inner() return x end
end
try(inner)
local up
try(function() return up.x end)
try(function() up.x = 1 end)
try(function() return up.x.y end)

try(warn)
try(warn, 'a', nil)
try(warn, 'a', {})
try(collectgarbage, {})
try(collectgarbage, 'zz')
try(collectgarbage, 5)
try(collectgarbage, 'step', {})
