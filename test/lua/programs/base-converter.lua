-- Integers in every base, and back.
local digits = '0123456789abcdefghijklmnopqrstuvwxyz'
local function convert(n, base)
  if n == 0 then return '0' end
  local out, sign = {}, n < 0 and '-' or ''
  n = math.abs(n)
  while n > 0 do
    local d = n % base + 1
    table.insert(out, 1, digits:sub(d, d))
    n = n // base
  end
  return sign .. table.concat(out)
end
for base = 2, 36 do
  local s = convert(123456789, base)
  print(base, s, tonumber(s, base) == 123456789, convert(-base, base))
end
