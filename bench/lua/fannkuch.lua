-- Fannkuch: reversals of array prefixes over all permutations of n numbers.
local N, ROUNDS = 9, 2

local function fannkuch(n)
  local perm, order, count = {}, {}, {}
  local sign, flips, sum = 1, 0, 0
  for i = 1, n do perm[i], order[i], count[i] = i, i, i end
  while true do
    local first = order[1]
    if first ~= 1 then
      for i = 2, n do perm[i] = order[i] end
      local steps = 1
      while true do
        local target = perm[first]
        if target == 1 then break end
        perm[first] = first
        local low, high = 2, first - 1
        while low < high do
          perm[low], perm[high] = perm[high], perm[low]
          low, high = low + 1, high - 1
        end
        first, steps = target, steps + 1
      end
      sum = sum + sign * steps
      if steps > flips then flips = steps end
    end
    if sign == 1 then
      order[1], order[2] = order[2], order[1]
      sign = -1
    else
      order[2], order[3] = order[3], order[2]
      sign = 1
      for i = 3, n do
        if count[i] ~= 1 then
          count[i] = count[i] - 1
          break
        end
        if i == n then return sum, flips end
        count[i] = i
        local moved = order[1]
        for j = 1, i do order[j] = order[j + 1] end
        order[i + 1] = moved
      end
    end
  end
end

local sum, flips
for _ = 1, ROUNDS do sum, flips = fannkuch(N) end
print(sum, flips)
