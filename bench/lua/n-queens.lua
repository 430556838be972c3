-- Counts the solutions of the n-queens problem with three marker arrays.
local N, ROUNDS = 8, 400

local function queens(n)
  local columns, rising, falling, solutions = {}, {}, {}, 0
  local function place(row)
    if row > n then
      solutions = solutions + 1
      return
    end
    for column = 1, n do
      local up, down = row + column, row - column + n
      if not columns[column] and not rising[up] and not falling[down] then
        columns[column], rising[up], falling[down] = true, true, true
        place(row + 1)
        columns[column], rising[up], falling[down] = false, false, false
      end
    end
  end
  place(1)
  return solutions
end

local total = 0
for _ = 1, ROUNDS do total = total + queens(N) end
print(total)
