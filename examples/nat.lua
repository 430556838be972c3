-- Source translation, as for a network behind one address: TCP, UDP and ICMP echo. A table maps source, port and protocol
-- to a port of the outer address, the last 4096 of them; another one maps it back. What can't be translated is dropped:
-- later fragments. The machine forwards (sysctl net.ipv4.ip_forward=1); eth0 is its outer device, with this address.
--
--   moonring create nat --kernel
--   moonring load nat examples/nat.lua
--   moonring attach nat tc/egress --dev eth0 --call outward --saddr 10.0.0.0/24 --default drop
--   moonring attach nat tc/ingress --dev eth0 --call inward --daddr 192.0.2.1 --default drop
local packet = require 'packet'
local ip, outer, ports, keys, last = packet.layouts.ip, packet.address '192.0.2.1', {}, {}, 0

function outward(hdr)
  local head = packet.transport(hdr)
  local port = head and (head.source or head.id)
  if not port then return false end
  local key = hdr:layout(ip).source << 24 | hdr.protocol << 16 | port
  if not ports[key] then
    last = last % 4096 + 1
    ports[keys[last] or key] = nil
    ports[key], keys[last] = 40000 + last, key
  end
  packet.set_source(hdr, outer, ports[key])
end

function inward(hdr)
  local head = packet.transport(hdr)
  local key = head and keys[(head.destination or head.id or 0) - 40000]
  if key and key >> 16 & 255 == hdr:layout(ip).protocol then packet.set_destination(hdr, key >> 24, key & 0xffff) end
end
