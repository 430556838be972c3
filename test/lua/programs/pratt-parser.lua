local function tokenize(s)
  local out = {}
  for number, op in s:gmatch('%s*(%d*)([-+*/%%^()!<>&|]?)') do
    if number ~= '' then out[#out + 1] = tonumber(number) end
    if op ~= '' then out[#out + 1] = op end
  end
  return out
end
local left = { ['|'] = 1, ['&'] = 2, ['<'] = 3, ['>'] = 3, ['+'] = 10, ['-'] = 10, ['*'] = 20, ['/'] = 20, ['%'] = 20, ['^'] = 30 }
local function power(a, b) local r = 1 for _ = 1, b do r = r * a end return r end
local apply = {
  ['+'] = function(a, b) return a + b end, ['-'] = function(a, b) return a - b end, ['*'] = function(a, b) return a * b end,
  ['/'] = function(a, b) return a // b end, ['%'] = function(a, b) return a % b end, ['^'] = power,
  ['<'] = function(a, b) return a < b and 1 or 0 end, ['>'] = function(a, b) return a > b and 1 or 0 end,
  ['&'] = function(a, b) return a & b end, ['|'] = function(a, b) return a | b end,
}
local function parse(tokens)
  local at = 1
  local expression
  local function prefix()
    local t = tokens[at]
    at = at + 1
    if type(t) == 'number' then return t, tostring(t) end
    if t == '(' then
      local v, s = expression(0)
      if tokens[at] ~= ')' then error("')' expected", 0) end
      at = at + 1
      return v, s
    end
    if t == '-' then local v, s = expression(25) return -v, '(- ' .. s .. ')' end
    error('unexpected ' .. tostring(t), 0)
  end
  function expression(min)
    local v, s = prefix()
    while true do
      local op = tokens[at]
      local bp = left[op]
      if not bp or bp <= min then return v, s end
      at = at + 1
      local w, r = expression(op == '^' and bp - 1 or bp)
      v, s = apply[op](v, w), '(' .. op .. ' ' .. s .. ' ' .. r .. ')'
    end
  end
  local v, s = expression(0)
  if tokens[at] then error('trailing ' .. tokens[at], 0) end
  return v, s
end
for _, e in ipairs { '1 + 2 * 3', '(1 + 2) * 3', '2 ^ 3 ^ 2', '-2 ^ 2', '10 - 4 - 3', '100 / 7 % 5', '1 < 2 & 3 > 2', '-(-(5))', '2 * (3 + 4) * 5 - 6', '1 +', '(1', '1 2', '8 / (4 - 4)' } do
  print(e, pcall(function() return parse(tokenize(e)) end))
end
