local function insert(t, v) if not t then return { v = v } end if v < t.v then t.l = insert(t.l, v) else t.r = insert(t.r, v) end return t end
local function walk(t) if t then walk(t.l) coroutine.yield(t.v) walk(t.r) end end
local tree
for _, v in ipairs { 5, 2, 8, 1, 9, 3 } do tree = insert(tree, v) end
local out = {}
for v in coroutine.wrap(function() walk(tree) end) do out[#out + 1] = v end
print(table.concat(out, ' '))
local other = insert(insert(insert(nil, 1), 2), 3)
local function same(a, b)
  local x, y = coroutine.wrap(function() walk(a) end), coroutine.wrap(function() walk(b) end)
  repeat local p, q = x(), y() if p ~= q then return false end until p == nil
  return true
end
print(same(other, insert(insert(insert(nil, 3), 2), 1)), same(other, tree))
