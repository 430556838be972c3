-- Sieve of Eratosthenes, repeated: writes and reads of a boolean array.
local N, ROOT, ROUNDS = 200000, 447, 36

local function sieve(n)
  local composite, count = {}, 0
  for i = 2, n do composite[i] = false end
  for i = 2, n do
    if not composite[i] then
      count = count + 1
      if i <= ROOT then
        for j = i * i, n, i do composite[j] = true end
      end
    end
  end
  return count
end

local total = 0
for _ = 1, ROUNDS do total = total + sieve(N) end
print(total)
