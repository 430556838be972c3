local grid = {}
for y = 1, 5 do grid[y] = {} for x = 1, 5 do grid[y][x] = (x * y) % 7 end end
for y = 1, 5 do print(table.concat(grid[y], ' ')) end
local sum = 0
for _, row in ipairs(grid) do for _, v in ipairs(row) do sum = sum + v end end
print(sum)
