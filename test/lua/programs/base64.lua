local alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
local function encode(s)
  return (s:gsub('..?.?', function(group)
    local a, b, c = group:byte(1, 3)
    local n = a << 16 | (b or 0) << 8 | (c or 0)
    local out = {}
    for i = 0, 3 do
      local index = n >> (18 - 6 * i) & 63
      out[#out + 1] = i <= #group and alphabet:sub(index + 1, index + 1) or '='
    end
    return table.concat(out)
  end))
end
local function decode(s)
  local values = {}
  for i = 1, 64 do values[alphabet:byte(i)] = i - 1 end
  return (s:gsub('[^%w+/=]', ''):gsub('....', function(group)
    local n, pad = 0, select(2, group:gsub('=', ''))
    for i = 1, 4 do n = n << 6 | (values[group:byte(i)] or 0) end
    return string.char(n >> 16 & 255, n >> 8 & 255, n & 255):sub(1, 3 - pad)
  end))
end
for _, s in ipairs { '', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar', 'Many hands make light work.' } do
  print(s, encode(s), decode(encode(s)) == s)
end
local bytes = {}
for i = 0, 255 do bytes[#bytes + 1] = string.char(i) end
local all = table.concat(bytes)
print(encode(all):sub(1, 40), decode(encode(all)) == all)
