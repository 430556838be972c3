-- The border of what constructors, `...` and table.pack make, with nils in every place.
local function values(mask, i, n)
  if i > n then return end
  local v = (mask >> (i - 1)) & 1 == 1 and i or nil
  if i == n then return v end
  return v, values(mask, i + 1, n)
end
for n = 0, 7 do
  local borders = {}
  for mask = 0, (1 << n) - 1 do
    borders[#borders + 1] = #table.pack(values(mask, 1, n)) .. #{values(mask, 1, n)}
  end
  print(n, table.concat(borders, ' '))
end
local absent
print(#{nil, 1, 2}, #{nil, 1, nil}, #{n = 1, nil, nil, 3}, #{1, nil, 3, nil}, #{absent, 1, absent}, #{1, absent, 1, absent})
print(pcall(table.concat, {nil, 1, nil}))
