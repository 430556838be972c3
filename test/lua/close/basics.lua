local function closer(name) return setmetatable({}, { __close = function(_, e) print('close ' .. name, e) end }) end
do
  local a <close> = closer 'a'
  local b <close> = closer 'b'
  print('body')
end
local function f() local x <close> = closer 'x' return 'returned', 2 end
print(f())
print(pcall(function() local y <close> = closer 'y' error('err', 0) end))
do local n <close> = nil local g <close> = false print('nil and false are fine') end
print(pcall(function() local bad <close> = 5 end))
print(pcall(function() local bad <close> = {} end))
