-- A table with string keys: inserts, look-ups of present and absent keys, removals, new keys.
local N, ADDED, ROUNDS = 8000, 1000, 150

local keys = {}
for i = 1, N do keys[i] = 'key-' .. i end

local sum = 0
for round = 1, ROUNDS do
  local hash = {}
  for i = 1, N do hash[keys[i]] = i + round end
  for i = 1, N, 3 do hash[keys[i]] = nil end
  for i = N, 1, -1 do sum = (sum + (hash[keys[i]] or 1)) % 1000003 end
  for i = 1, ADDED do hash['other-' .. (i + round) % 500] = i end
  for i = 1, N do
    local value = hash[keys[i]]
    if value then hash[keys[i]] = value + 1 end
  end
  sum = (sum + hash[keys[2]]) % 1000003
end
print(sum)
