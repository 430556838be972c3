local co = coroutine.wrap(function()
  for k, v in coroutine.wrap(function() coroutine.yield('k', 'v') end) do coroutine.yield(k .. v) end
  local function iterate() return coroutine.yield('iterator') end
  for i in iterate do coroutine.yield('got ' .. i) end
  local t = setmetatable({}, { __index = function(_, k) return coroutine.yield('index') .. k end })
  return t.x
end)
print(co())
print(co())
print(co(1))
print(co())
print(co(nil))
print(co('value-'))
