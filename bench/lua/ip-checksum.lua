-- The Internet checksum (RFC 1071) over packets held as byte strings.
local LENGTH, PACKETS = 1500, 6000

local bytes = {}
for i = 1, LENGTH do bytes[i] = string.char((i * 7 + i // 256) % 256) end
local packet = table.concat(bytes)
local odd = packet:sub(1, 1001)

local function checksum(data)
  local sum, length = 0, #data
  for i = 1, length - 1, 2 do
    local high, low = data:byte(i, i + 1)
    sum = sum + (high << 8 | low)
  end
  if length % 2 == 1 then sum = sum + (data:byte(length) << 8) end
  while sum > 0xffff do sum = (sum & 0xffff) + (sum >> 16) end
  return ~sum & 0xffff
end

local check = 0
for i = 1, PACKETS do check = (check + checksum(i % 4 == 0 and odd or packet)) % 1000003 end
print(check)
