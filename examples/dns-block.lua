-- Answers queries for these names, and for all names below them, as if they didn't exist (NXDOMAIN): the query itself
-- goes back to whoever asked, as the answer. eth0 is where queries arrive: the resolver's device, or that of a router
-- towards its clients.
--
--   moonring create dns --kernel
--   moonring load dns examples/dns-block.lua
--   moonring attach dns tc/ingress --dev eth0 --proto udp --dport 53
--   moonring eval dns "blocked['example.org'] = true"
local packet = require 'packet'
local dns = packet.layouts.dns
local NXDOMAIN <const> = 3

blocked = { ['example.com'] = true, ['ads.example.net'] = true }

-- Whether a name, or one that it is below, is in the list.
local function isBlocked(name)
  while name do
    if blocked[name] then return true end
    name = name:match('%.(.+)$')
  end
end

function filter(hdr, pld, pkt, eth)
  local name = packet.question(pld)
  if not name or not isBlocked(name:lower()) then return true end
  pld:layout(dns)
  if pld.qr == 1 or pld.opcode ~= 0 then return true end
  pld.qr, pld.ra, pld.rcode = 1, 1, NXDOMAIN
  packet.reply(hdr, eth)
  packet.checksums(hdr, pld)
  return packet.tx
end
