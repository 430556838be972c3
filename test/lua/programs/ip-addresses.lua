local function parse(text)
  local a, b, c, d = text:match('^(%d+)%.(%d+)%.(%d+)%.(%d+)$')
  if not a then return nil, 'malformed address' end
  local n = 0
  for _, part in ipairs { a, b, c, d } do
    part = tonumber(part)
    if part > 255 then return nil, 'octet out of range' end
    n = n << 8 | part
  end
  return n
end
local function show(n) return ('%d.%d.%d.%d'):format(n >> 24 & 255, n >> 16 & 255, n >> 8 & 255, n & 255) end
local function network(cidr)
  local address, bits = cidr:match('^(.-)/(%d+)$')
  local mask = 0xffffffff << (32 - tonumber(bits)) & 0xffffffff
  local n = assert(parse(address)) & mask
  return { first = n, last = n | ~mask & 0xffffffff, mask = mask }
end
for _, cidr in ipairs { '192.168.1.77/24', '10.0.0.0/8', '172.16.5.4/30', '1.2.3.4/32', '0.0.0.0/0' } do
  local net = network(cidr)
  print(cidr, show(net.first), show(net.last), show(net.mask), net.last - net.first + 1)
end
print(parse '256.1.1.1', parse '1.2.3', parse 'x')
print(select(2, parse '256.1.1.1'), select(2, parse '1.2.3'))
