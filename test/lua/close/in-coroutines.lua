local function closer(name) return setmetatable({}, { __close = function(_, e) print('close ' .. name, e) coroutine.yield('yield in close ' .. name) end }) end
local co = coroutine.wrap(function()
  do local a <close> = closer 'a' coroutine.yield('body') end
  local ok, e = pcall(function() local b <close> = closer 'b' error('err', 0) end)
  print(ok, e)
  return 'end'
end)
print(co())
print(co())
print(co())
print(co())
