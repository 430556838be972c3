-- Constants next to math.mininteger, compared with the same value come by in another way.
local first = math.mininteger
for i = 0, 3 do
  local v = first + i
  print(i, v == -9223372036854775807, v == -9223372036854775806, v ~= -9223372036854775805, v == math.mininteger)
end
local v = first + (15 << 32)
print(v == -9223371972430266368, v + (1 << 32) == -9223371968135299072, v < -9223371972430266367)
local t = { [-9223372036854775807] = 'found' }
print(t[first + 1], t[-9223372036854775807], rawequal(first + 1, -9223372036854775807))
