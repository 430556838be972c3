-- One numeric for with additions and a comparison: the cost of plain instructions.
local N = 30000000

local sum = 0
for i = 1, N do
  sum = sum + i
  if sum > 1000000000 then sum = sum - 1000000000 end
end

print(sum)
