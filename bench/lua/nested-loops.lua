-- Three nested loops with % and //: integer division in the inner loop.
local N = 220

local sum = 0
for a = 1, N do
  for b = 1, N do
    for c = 1, N do
      sum = (sum + (a * b) % c + (a * c) // b) % 1000003
    end
  end
end

print(sum)
