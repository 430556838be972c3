-- Builds an IPv4/TCP packet as a byte string and takes it apart again.
local function checksum(s)
  local sum = 0
  for i = 1, #s, 2 do sum = sum + (s:byte(i) << 8 | (s:byte(i + 1) or 0)) end
  while sum > 0xffff do sum = (sum & 0xffff) + (sum >> 16) end
  return ~sum & 0xffff
end
local function ipv4(source, target, payload)
  local head = string.pack('>BBI2I2I2BBI2c4c4', 0x45, 0, 20 + #payload, 0x1234, 0x4000, 64, 6, 0, source, target)
  return head:sub(1, 10) .. string.pack('>I2', checksum(head)) .. head:sub(13) .. payload
end
local tcp = string.pack('>I2I2I4I4BBI2I2I2', 22, 50000, 1, 2, 0x50, 0x18, 1024, 0, 0) .. 'SSH-2.0-OpenSSH_9.2\r\n'
local packet = ipv4('\10\0\0\1', '\192\168\1\2', tcp)
local version, _, total, id, flags, ttl, protocol, sum = string.unpack('>BBI2I2I2BBI2', packet)
print(version >> 4, version & 15, total, ('%04x'):format(id), flags, ttl, protocol, ('%04x'):format(sum), checksum(packet:sub(1, 20)))
local sport, dport = string.unpack('>I2I2', packet, 21)
local payload = packet:sub(41)
print(sport, dport, payload:match('SSH%-[^-%G]+%-([^-%G]+)'), #packet)
print((packet:sub(1, 20):gsub('.', function(c) return ('%02x '):format(c:byte()) end)))
