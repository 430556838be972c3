-- What the manual says of finalizers beyond their being called.
warn('@off')
local log = {}
local function gc() collectgarbage() collectgarbage() end
local function show(what) print(what, table.concat(log, ' ')) log = {} end

-- a metatable whose __gc comes later does not mark the object
do
  local m = {}
  setmetatable({}, m)
  m.__gc = function() log[#log + 1] = 'never' end
end
gc()
show('later')

-- a placeholder does, and the function of the time of the call counts
do
  local m = { __gc = true }
  local o = setmetatable({}, m)
  m.__gc = function() log[#log + 1] = 'exchanged' end
end
gc()
show('placeholder')

-- marked twice, finalized once
do
  local m = { __gc = function() log[#log + 1] = 'once' end }
  local o = setmetatable({}, m)
  setmetatable(o, m)
end
gc()
show('twice')

-- objects that refer to each other: in reverse order of marking
do
  local m = { __gc = function(o) log[#log + 1] = o.name .. (o.other and o.other.name or '-') end }
  local a = setmetatable({ name = 'a' }, m)
  local b = setmetatable({ name = 'b', other = a }, m)
  a.other = b
end
gc()
show('cycle')

-- a finalizer that marks its object again is called again
do
  local left = 3
  local m = {}
  m.__gc = function(o)
    log[#log + 1] = 'round ' .. left
    left = left - 1
    if left > 0 then setmetatable(o, m) end
  end
  setmetatable({}, m)
end
for _ = 1, 5 do gc() end
show('again')

-- errors do not reach the program
do setmetatable({}, { __gc = function() error('lost') end }) end
gc()
show('errors')

-- weak values are gone before the finalizer runs, weak keys only after
do
  local values, keys = setmetatable({}, { __mode = 'v' }), setmetatable({}, { __mode = 'k' })
  local o = setmetatable({}, { __gc = function(o) log[#log + 1] = tostring(values[1]) .. ' ' .. tostring(keys[o]) end })
  values[1], keys[o] = o, 'still here'
  o = nil
  gc()
  show('weak')
  print(next(values), next(keys))
end

-- results on their way are not disturbed
local function many(...) gc() return ... end
do setmetatable({}, { __gc = function(o) local a, b, c = 1, 2, 3 log[#log + 1] = select('#', a, b, c) end }) end
print(many(1, 2, 3, many(4, 5, 6, many())))
do setmetatable({}, { __gc = function() end }) end
local t = { many(1, 2, 3), many(4, 5, 6) }
print(#t, table.unpack(t))
show('results')

-- in a coroutine, and no yielding from one
local co = coroutine.wrap(function()
  do setmetatable({}, { __gc = function() log[#log + 1] = tostring(pcall(coroutine.yield, 1)) end }) end
  gc()
  coroutine.yield('yielded')
  return 'returned'
end)
print(co())
show('coroutine')
print(co())
