local puzzle = '530070000600195000098000060800060003400803001700020006060000280000419005000080079'
local grid = {}
for c in puzzle:gmatch('%d') do grid[#grid + 1] = tonumber(c) end
local rows, columns, boxes = {}, {}, {}
for i = 0, 8 do rows[i], columns[i], boxes[i] = 0, 0, 0 end
local function where(i) local r, c = (i - 1) // 9, (i - 1) % 9 return r, c, r // 3 * 3 + c // 3 end
for i, v in ipairs(grid) do if v > 0 then local r, c, b = where(i) local bit = 1 << v rows[r], columns[c], boxes[b] = rows[r] | bit, columns[c] | bit, boxes[b] | bit end end
local tries = 0
local function solve(i)
  while i <= 81 and grid[i] ~= 0 do i = i + 1 end
  if i > 81 then return true end
  local r, c, b = where(i)
  for v = 1, 9 do
    local bit = 1 << v
    if (rows[r] | columns[c] | boxes[b]) & bit == 0 then
      tries = tries + 1
      grid[i], rows[r], columns[c], boxes[b] = v, rows[r] | bit, columns[c] | bit, boxes[b] | bit
      if solve(i + 1) then return true end
      grid[i], rows[r], columns[c], boxes[b] = 0, rows[r] & ~bit, columns[c] & ~bit, boxes[b] & ~bit
    end
  end
  return false
end
print(solve(1), tries)
for r = 0, 8 do print(table.concat(grid, ' ', r * 9 + 1, r * 9 + 9)) end
