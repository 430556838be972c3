-- Builds strings with `..` (short, long, several operands) and with table.concat.
local N, ROUNDS = 20000, 28

local check = 0
for round = 1, ROUNDS do
  local parts = {}
  for i = 1, N do parts[i] = 'item ' .. i .. ' of ' .. N .. ';' end
  local text = table.concat(parts, ',')
  check = (check + #text + text:byte(round * 100)) % 1000003
  local grown = ''
  for i = 1, 600 do grown = grown .. i .. ' ' end
  check = (check + #grown) % 1000003
end
print(check)
