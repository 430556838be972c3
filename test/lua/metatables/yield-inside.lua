local t = setmetatable({}, {
  __index = function(_, k) return coroutine.yield('index ' .. k) end,
  __add = function(a, b) return coroutine.yield('add') end,
  __lt = function() return coroutine.yield('lt') end,
  __eq = function() return coroutine.yield('eq') end,
  __concat = function() return coroutine.yield('concat') end,
  __call = function(_, x) return coroutine.yield('call ' .. x) end,
  __newindex = function(_, k, v) coroutine.yield('newindex ' .. k .. v) end,
  __len = function() return coroutine.yield('len') end,
  __close = function() coroutine.yield('close') end,
})
local co = coroutine.wrap(function()
  local r = { t.foo, t + 1, t < t, t == setmetatable({}, getmetatable(t)), 'a' .. t, t(3), #t }
  t.k = 'v'
  do local c <close> = t end
  for i = 1, #r do r[i] = tostring(r[i]) end
  return table.concat(r, ' ')
end)
local answer, n = co(), 0
while answer:find('^%l+') and n < 12 do
  n = n + 1
  print(answer)
  answer = co(n)
  if answer:find('^%d') then break end
end
print(answer)
