local function producer(n) return coroutine.create(function() for i = 1, n do coroutine.yield('item ' .. i) end return 'done' end) end
local function filter(source)
  return coroutine.create(function()
    local line = 1
    while coroutine.status(source) ~= 'dead' do
      local _, v = coroutine.resume(source)
      coroutine.yield(('%2d %s'):format(line, v))
      line = line + 1
    end
  end)
end
local f = filter(producer(3))
while true do
  local ok, v = coroutine.resume(f)
  if v == nil then break end
  print(ok, v)
end
