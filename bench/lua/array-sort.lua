-- Fills an array with pseudo-random integers and sorts it, with and without a comparison function.
local N, ROUNDS = 40000, 14

local seed = 42
local function random()
  seed = (seed * 16807) % 65521
  return seed
end

local function fill(n)
  local array = {}
  for i = 1, n do array[i] = random() end
  return array
end

local check = 0
for round = 1, ROUNDS do
  local array = fill(N)
  if round % 2 == 0 then
    table.sort(array)
  else
    table.sort(array, function(a, b) return a > b end)
  end
  for i = 1, N, 101 do check = (check * 31 + array[i]) % 1000003 end
end
print(check)
