local maze = {
  '#########',
  '#S  #   #',
  '# # # # #',
  '# #   # #',
  '# ##### #',
  '#      E#',
  '#########',
}
local function find(c) for y, row in ipairs(maze) do local x = row:find(c, 1, true) if x then return x, y end end end
local sx, sy = find 'S'
local ex, ey = find 'E'
local queue, head, from = { { sx, sy } }, 1, { [sy * 100 + sx] = 0 }
while queue[head] do
  local x, y = table.unpack(queue[head])
  head = head + 1
  if x == ex and y == ey then break end
  for _, d in ipairs { { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 } } do
    local nx, ny = x + d[1], y + d[2]
    local key = ny * 100 + nx
    if maze[ny]:sub(nx, nx) ~= '#' and not from[key] then
      from[key] = y * 100 + x
      queue[#queue + 1] = { nx, ny }
    end
  end
end
local key, length = from[ey * 100 + ex], 0
while key ~= sy * 100 + sx do
  local x, y = key % 100, key // 100
  maze[y] = maze[y]:sub(1, x - 1) .. '.' .. maze[y]:sub(x + 1)
  length = length + 1
  key = from[key]
end
print(length, #queue)
for _, row in ipairs(maze) do print(row) end
