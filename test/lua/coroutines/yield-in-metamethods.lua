-- A yield in each metamethod, resumed with the value that it gives.
local mt = {}
for _, event in ipairs({ 'add', 'sub', 'mul', 'mod', 'idiv', 'unm', 'band', 'shl', 'concat', 'len', 'eq', 'lt', 'le', 'index', 'newindex', 'call' }) do
  mt['__' .. event] = function() return coroutine.yield(event) end
end
local t, u = setmetatable({}, mt), setmetatable({}, mt)
local co = coroutine.create(function()
  print('add', t + 1) print('sub', 1 - t) print('mul', t * t) print('mod', t % 2) print('idiv', t // 2)
  print('unm', -t) print('band', t & 1) print('shl', t << 1) print('concat', t .. 'x', 'a' .. t .. 'b')
  print('len', #t) print('eq', t == u, t ~= u) print('lt', t < u, t > u) print('le', t <= u, t >= u)
  print('index', t.x, t[1]) t.y = 1 print('call', t(1, 2))
  if t < u then print('true branch') else print('false branch') end
  return 'end'
end)
local n = 0
while true do
  local fine, event = coroutine.resume(co, n)
  if coroutine.status(co) == 'dead' then print(fine, event) break end
  n = n + 1
  if event == 'concat' then print('asked', event, n) end
end
print(n)
