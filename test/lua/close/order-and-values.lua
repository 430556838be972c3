local function closer(name) return setmetatable({}, { __close = function(v, e) print('close', name, e) end }) end
local function f()
  local a <close> = closer('a')
  local b <close>, c = nil, 'c'
  local d <close> = closer('d')
  return 'result', c
end
print(f())
for i = 1, 3 do
  local x <close> = closer('loop ' .. i)
  if i == 2 then goto continue end
  print('body', i)
  ::continue::
end
do
  local x <close> = closer('outer')
  do local y <close> = closer('inner') end
  print('between')
end
print(pcall(function() local x <close> = closer('with error') error('e', 0) end))
print(pcall(function() local x <close> = 5 end))
print(pcall(function() local x <close> = {} end))
local function tail() local x <close> = closer('tail') return (function() print('not a tail call') return 1 end)() end
print(tail())
