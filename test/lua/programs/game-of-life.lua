local function parse(text) local g = {} for row in text:gmatch('[^\n]+') do local r = {} for c in row:gmatch('.') do r[#r + 1] = c == '#' end g[#g + 1] = r end return g end
local function show(g) local out = {} for y, r in ipairs(g) do local s = '' for x = 1, #r do s = s .. (r[x] and '#' or '.') end out[y] = s end return table.concat(out, '\n') end
local function step(g)
  local h, w, new = #g, #g[1], {}
  for y = 1, h do
    new[y] = {}
    for x = 1, w do
      local n = 0
      for dy = -1, 1 do for dx = -1, 1 do
        if (dx ~= 0 or dy ~= 0) and g[(y + dy - 1) % h + 1][(x + dx - 1) % w + 1] then n = n + 1 end
      end end
      new[y][x] = n == 3 or g[y][x] and n == 2
    end
  end
  return new
end
local g = parse '.#......\n..#.....\n###.....\n........\n........\n........'
for i = 1, 6 do print(show(g), '\n-- ' .. i) g = step(g) end
for _ = 1, 18 do g = step(g) end
print(show(g))
