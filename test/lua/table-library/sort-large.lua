-- Sorting many values in several orders, checked for order and contents.
local function check(list, less)
  for i = 2, #list do if less(list[i], list[i - 1]) then return 'unsorted at ' .. i end end
  return 'sorted'
end
local less = function(a, b) return a < b end
local seed = 7
local function random() seed = (seed * 1103515245 + 12345) & 0x7fffffff return seed end
for _, n in ipairs({ 0, 1, 2, 3, 10, 100, 1000 }) do
  local list, sum = {}, 0
  for i = 1, n do list[i] = random() % 1000 sum = sum + list[i] end
  table.sort(list)
  for i = 1, n do sum = sum - list[i] end
  print(n, check(list, less), sum)
end
local same, up, down = {}, {}, {}
for i = 1, 300 do same[i], up[i], down[i] = 5, i, 301 - i end
table.sort(same) table.sort(up) table.sort(down)
print(check(same, less), check(up, less), check(down, less))
table.sort(up, function(a, b) return a > b end)
print(up[1], up[300])
local words = {}
for w in ('the quick brown fox jumps over the lazy dog'):gmatch('%a+') do words[#words + 1] = w end
table.sort(words, function(a, b) return #a == #b and a < b or #a < #b end)
print(table.concat(words, ' '))
