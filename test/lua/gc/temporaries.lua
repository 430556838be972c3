-- What a function no longer needs is collected while it runs, though its registers held it.
local function waits(make)
  local u, b
  local finished = false
  u = make(setmetatable({}, { __gc = function() finished = true end }))
  b = { 34 }
  local rounds = 0
  repeat
    u = make({})
    rounds = rounds + 1
  until finished or rounds > 1000000
  print(finished, b[1], type(u))
end

local function plain()
  local u
  local finished = false
  u = setmetatable({}, { __gc = function() finished = true end })
  local b = { 34 }
  local rounds = 0
  repeat
    u = {}
    rounds = rounds + 1
  until finished or rounds > 1000000
  print(finished, b[1])
  finished, rounds = false, 0
  u = setmetatable({}, { __gc = function() finished = true end })
  repeat
    rounds = rounds + 1
    u = tostring(rounds) .. tostring(rounds)
  until finished or rounds > 1000000
  print(finished, b[1])
  finished, rounds = false, 0
  u = setmetatable({}, { __gc = function() finished = true end })
  repeat
    local i
    rounds = rounds + 1
    u = function() return i end
  until finished or rounds > 1000000
  print(finished, b[1], u())
end

plain()
waits(function(x) return x end)
waits(function(x) return { x } end)
waits(function(x) return function() return x end end)

-- arguments of a call that has returned, in the middle of an expression
do
  local seen = setmetatable({}, { __mode = 'k' })
  local function note(a, b)
    seen[a], seen[b] = true, true
    return 1
  end
  local function left()
    collectgarbage()
    local n = 0
    for _ in pairs(seen) do n = n + 1 end
    return n
  end
  local x = note({}, {}) + left()
  print(x)
end

-- variables live to the end of their scope, used or not
do
  local seen = setmetatable({}, { __mode = 'k' })
  local unused = {}
  seen[unused] = 'unused'
  for _, value in ipairs({ {}, {} }) do
    seen[value] = 'value'
    collectgarbage()
    local n = 0
    for _ in pairs(seen) do n = n + 1 end
    print(n)
  end
  collectgarbage()
  print(next(seen) == unused)
end

-- what a suspended coroutine still needs, and what it doesn't
do
  local weak = setmetatable({}, { __mode = 'v' })
  local co = coroutine.wrap(function()
    local kept = {}
    weak[1] = kept
    weak[2] = {}
    local function keep(a, b, c) return a, c end
    local a, c = keep({ 1 }, coroutine.yield(keep({ 'x' }, {}, {})), { 3 })
    return a[1], c[1], kept == weak[1]
  end)
  co()
  collectgarbage()
  print(weak[1] ~= nil, weak[2] == nil)
  print(co('again'))
end

-- a closing value without a name
do
  local closed = 0
  for i in next, { 1, 2 }, nil, setmetatable({}, { __close = function() closed = closed + 1 end }) do
    collectgarbage()
    for j in pairs({ 1, 2, 3 }) do
      collectgarbage()
      if j == 2 then break end
    end
  end
  print(closed)
end

-- the coroutine that was resumed last
do
  local weak = setmetatable({}, { __mode = 'kv' })
  local x = coroutine.wrap(function()
    local a = 10
    local function f()
      a = a + 10
      return a
    end
    while true do
      a = a + 1
      coroutine.yield(f)
    end
  end)
  weak[1] = x
  local f = x()
  print(f(), x()(), x() == f)
  x = nil
  collectgarbage()
  print(weak[1], f(), f())
end
