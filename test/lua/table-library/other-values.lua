-- The functions take any value that has the metamethods for what they do with it.
print(table.unpack(table.move('ab', 1, 2, 1, {})))
print(pcall(table.concat, 'ab'))
print(pcall(table.sort, 'ab'))
print(pcall(table.insert, 'ab', 1))
print(pcall(table.remove, 'ab'))
print(pcall(table.unpack, 'ab'))
print(pcall(table.move, { 1, 2 }, 1, 2, 1, 'ab'))
print(pcall(table.move, 7, 1, 2, 1, {}))
print(pcall(table.move))
print(pcall(table.move, {}, 1))
print(pcall(table.move, {}, 1, 2))

local meta = getmetatable('')
local index = meta.__index
meta.__len = function() return 3 end
print(pcall(table.insert, 'ab', 1))
meta.__newindex = function(s, k, v) print('set', s, k, v) end
meta.__index = function(s, k)
  print('get', s, k)
  return k + 10
end
print(pcall(table.concat, 'ab', ','))
print(pcall(table.concat, 'ab', ',', 2, 3))
print(pcall(table.unpack, 'ab'))
print(pcall(table.insert, 'ab', 1))
print(pcall(table.insert, 'ab', 1, 1))
print(pcall(table.insert, 'ab', 'x', 1))
print(pcall(table.remove, 'ab'))
print(pcall(table.move, 'ab', 1, 2, 2))
meta.__index, meta.__newindex, meta.__len = index, nil, nil

-- comparisons of math.max and math.min
local order = { __lt = function(a, b) return a.v < b.v end }
local function o(v) return setmetatable({ v = v }, order) end
print(math.max(o(2), o(5), o(3)).v, math.min(o(2), o(1), o(3)).v)
print(pcall(function() return math.max({}, 1) end))
print(pcall(function() return math.min('a', 1) end))
