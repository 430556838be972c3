-- weak tables of every kind that are read and written while collections go on: what they show is never dead, what is
-- reachable is never missing, and what was set together goes together
local seed = 7
local function random(n)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed // 65536 % n + 1
end

local IDS = 400
local values = setmetatable({}, {__mode = 'v'})   -- id → object
local names = setmetatable({}, {__mode = 'v'})    -- name → object, in nodes
local private = setmetatable({}, {__mode = 'k'})  -- object → what belongs to it
local links = {}                                  -- ephemerons that lead from one to the next
for i = 1, 4 do links[i] = setmetatable({}, {__mode = 'k'}) end
local both = setmetatable({}, {__mode = 'kv'})    -- object → its part
local strong, made, ended, other, held = {}, {}, false, nil, nil

local function intact(o, id)
  assert(o.id == id and o.part.id == id and o.part.name == 'part' .. id)
  -- what was set together goes together
  local p = private[o]
  assert(p and p.id == id and p.owner == o and p.text == 'text ' .. id)
  local k = o
  for i = 1, #links do k = assert(links[i][k], i) end
  assert(k.last == id)
end

local finalizer = {__gc = function(o)
  if ended then return end
  -- as a value it is gone, as a key it is not
  assert(values[o.id] ~= o and names['name' .. o.id] ~= o)
  intact(o, o.id)
  made[o.id] = nil
end}

local function whole(o, id)
  intact(o, id)
  assert(both[o] == o.part)
end

local function make(id)
  local o = {id = id, part = {id = id, name = 'part' .. id}}
  private[o] = {id = id, owner = o, text = 'text ' .. id}
  both[o] = o.part
  local k = o
  for i = 1, #links do
    local next = i < #links and {link = i} or {last = id}
    links[i][k] = next
    k = next
  end
  if id % 3 == 0 then
    setmetatable(o, finalizer)
    made[id] = true
  end
  values[id], names['name' .. id] = o, o
  return o
end

local operations = {
  function(id) strong[id] = values[id] end,
  function(id) strong[id] = nil end,
  function(id)
    if strong[id] then
      assert(values[id] == strong[id] and names['name' .. id] == strong[id])
      whole(strong[id], id)
    elseif not made[id] then strong[id] = make(id) end
  end,
  function(id) if not values[id] and not made[id] then make(id) end end,
  function(id)
    local o = values[id]
    if o then whole(o, id) end
    o = rawget(names, 'name' .. id)
    if o then whole(o, id) end
  end,
  function(id)
    if id % 20 > 0 then return end
    for i, o in pairs(values) do whole(o, i) end
    for name, o in pairs(names) do assert(name == 'name' .. o.id) whole(o, o.id) end
    for i = 1, IDS do if strong[i] then assert(values[i] == strong[i]) end end
  end,
  function(id)
    if id % 20 > 0 then return end
    local count = 0
    for o, p in pairs(private) do
      assert(o.id == p.id and p.owner == o and (values[o.id] ~= o or both[o] == o.part))
      if strong[o.id] == o then count = count + 1 end
    end
    for o, part in pairs(both) do assert(part == o.part and part.id == o.id) end
    for _, o in pairs(strong) do count = count - 1 end
    assert(count == 0)
    for k, v in pairs(links[2]) do assert(k.link == 1 and v.link == 2) end
  end,
  function(id)
    -- alone in its table, among strings and integers, which stay
    local t = setmetatable({'text' .. id, id, {}, math.mininteger + id}, {__mode = 'v'})
    t['key' .. id] = 'long ' .. ('text'):rep(20)
    other = {t, id}
  end,
  function()
    if not other then return end
    local t, id = other[1], other[2]
    assert(t[1] == 'text' .. id and t[2] == id and t[4] == math.mininteger + id)
    assert(t['key' .. id] == 'long ' .. ('text'):rep(20))
  end,
  function(id)
    -- the table's length, and its elements in one go
    local list = setmetatable({}, {__mode = 'v'})
    for i = 1, 10 do list[i] = strong[id] or 'text' .. i end
    held = list
  end,
  function()
    local list = held
    if not list then return end
    local n = 0
    for i = 1, 10 do if list[i] then n = n + 1 end end
    if #list == 10 and n == 10 then assert(select('#', table.unpack(list)) == 10) end
    table.insert(list, 1, 'first')
    assert(list[1] == 'first' and table.remove(list, 1) == 'first')
  end,
}

for n = 1, 6000 do
  operations[random(#operations)](random(IDS))
  if n % 16 == 0 then collectgarbage('step') end
end

other, held = nil, nil
for id = 1, IDS do
  if id % 2 == 0 then strong[id] = values[id] or make(id) else strong[id] = nil end
end
collectgarbage()
collectgarbage()
local alive, listed = {}, {}
for id, o in pairs(values) do
  whole(o, id)
  alive[#alive + 1] = id
end
table.sort(alive)
print(#alive, table.concat(alive, ' '))
local counts = {}
for i, t in ipairs({private, both, links[1], links[2], links[3], links[4], names}) do
  counts[i] = 0
  for _ in pairs(t) do counts[i] = counts[i] + 1 end
end
print(table.concat(counts, ' '))
ended = true
