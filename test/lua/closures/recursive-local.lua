local function walk(t, f, depth)
  depth = depth or 0
  for i = 1, #t do
    if type(t[i]) == 'table' then walk(t[i], f, depth + 1) else f(t[i], depth) end
  end
end
local seen = {}
walk({ 1, { 2, { 3, 4 }, 5 }, 6 }, function(v, d) seen[#seen + 1] = v .. '@' .. d end)
print(table.concat(seen, ' '))
