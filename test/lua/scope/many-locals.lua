local a1, a2, a3, a4, a5, a6, a7, a8, a9, a10 = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
local b1, b2, b3, b4, b5, b6, b7, b8, b9, b10 = a10, a9, a8, a7, a6, a5, a4, a3, a2, a1
local sum = 0
do
  local c1, c2, c3, c4, c5 = b1 + a1, b2 + a2, b3 + a3, b4 + a4, b5 + a5
  local function inner() return c1 + c2 + c3 + c4 + c5 + b6 * a6 end
  sum = inner()
end
print(sum, b1, b10, a1 + b1)
local source = {}
for i = 1, 199 do source[i] = 'local v' .. i .. ' = ' .. i end
source[#source + 1] = 'return v1 + v199'
print(load(table.concat(source, '\n'))())
