local function solve(n)
  local first, count = nil, 0
  local place = {}
  local function safe(row, column)
    for r = 1, row - 1 do
      local c = place[r]
      if c == column or c - r == column - row or c + r == column + row then return false end
    end
    return true
  end
  local function try(row)
    if row > n then
      count = count + 1
      first = first or table.concat(place, ' ')
      return
    end
    for column = 1, n do if safe(row, column) then place[row] = column try(row + 1) end end
  end
  try(1)
  return count, first
end
for n = 1, 7 do print(n, solve(n)) end
