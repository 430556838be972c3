-- Any number of values goes in and out, nils too.
local co = coroutine.create(function(...)
  local got = table.pack(...)
  while true do
    got = table.pack(coroutine.yield(got.n, table.unpack(got, 1, got.n)))
  end
end)
print(coroutine.resume(co))
print(coroutine.resume(co, nil))
print(coroutine.resume(co, nil, nil))
print(coroutine.resume(co, 1, nil, 3, nil))
local many = {}
for i = 1, 150 do many[i] = i end
local function show(fine, ...)
  if not fine then return print(...) end
  print(select('#', ...), (select(151, ...)))
end
show(coroutine.resume(co, table.unpack(many)))
show(coroutine.resume(co, table.unpack(many)))
