-- long chains of comparisons, which lean left
local function chain(operators, operands, count)
  local parts = {}
  for i = 1, count do
    parts[#parts + 1] = operands[i % #operands + 1]
    parts[#parts + 1] = operators[i % #operators + 1]
  end
  return table.concat(parts, ' ') .. ' ' .. operands[1]
end

local equal = chain({'==', '~='}, {'a', 'true', '"x"', 'b', 'nil', '3'}, 800)
local function try(text)
  local f, message = load(text, '=x')
  if not f then return print(message) end
  print(pcall(f))
end

try('local a, b = 1, 2 return ' .. equal)
try('a, b = true, false return ' .. equal .. ', not (' .. equal .. ')')
try('local a, b = 1, 2 if ' .. equal .. ' then return "yes" else return "no" end')
try('local a, b = 1, 2 while ' .. equal .. ' do break end return a and ' .. equal)
try('local a = 1 return ' .. chain({'=='}, {'a'}, 800))
try('local a = 1 return ' .. chain({'<'}, {'a'}, 250))
try('a = setmetatable({}, {__lt = function(x, y) return 1 end, __le = function(x, y) return x == true end})\n'
  .. 'return ' .. chain({'<', '<=', '>', '>='}, {'a'}, 1000))
try('return 1 < 2 == true, 1 == 1 == 1, "a" < "b" ~= false, 2 > 1 == (1 < 2) == true')
