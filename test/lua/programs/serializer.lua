local function serialize(v, indent)
  indent = indent or ''
  if type(v) ~= 'table' then return ('%q'):format(v) end
  local keys, out = {}, {}
  for k in pairs(v) do keys[#keys + 1] = k end
  table.sort(keys, function(a, b) if type(a) == type(b) then return a < b end return type(a) < type(b) end)
  for _, k in ipairs(keys) do
    local name = type(k) == 'string' and k:match('^[%a_][%w_]*$') or ('[%q]'):format(k)
    out[#out + 1] = indent .. '  ' .. name .. ' = ' .. serialize(v[k], indent .. '  ')
  end
  return #out == 0 and '{}' or '{\n' .. table.concat(out, ',\n') .. '\n' .. indent .. '}'
end
local data = { 1, 2, { nested = true, ['odd key'] = 'x\ny', [10] = {} }, name = 'quoted "text"', min = math.mininteger }
local text = serialize(data)
print(text)
local copy = load('return ' .. text)()
print(serialize(copy) == text, copy[3]['odd key'], copy.min == math.mininteger)
