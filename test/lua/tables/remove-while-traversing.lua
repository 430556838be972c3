-- Fields may be removed during a traversal, even when the collector runs in between.
local function count(t, collect)
  local n = 0
  for k in pairs(t) do
    t[k] = nil
    n = n + 1
    if collect then collectgarbage() end
  end
  return n, next(t)
end
local strings, tables, longs = {}, {}, {}
for i = 1, 40 do
  strings['key ' .. i] = i
  tables[{}] = i
  longs[('x'):rep(50) .. i] = i
end
print(count(strings, true))
print(count(tables, true))
print(count(longs, true))
local mixed = { 1, 2, 3, x = 1, y = 2, [1 << 40] = 3, [math.mininteger] = 4 }
print(count(mixed, true))
