-- A packet filter as npf.conf(5) would have it. The last rule that matches decides, or the first one that is final. Rules are
-- compared before this script runs: it is called for packets of rules with `apply` alone.
--
--   moonring create wall --kernel
--   moonring load wall examples/firewall.lua
--   moonring attach wall netfilter/local-in --rules
local packet = require 'packet'
local block, pass, group = packet.block, packet.pass, packet.group

-- Called for packets to SSH. Without a result, the rule's own action is what happens.
local function checkClient(hdr, pld)
  local start = pld and pld:segment(0, 255)
  if start and tostring(start):find('^SSH%-1%.') then
    print('refused: ' .. packet.format(packet.network(hdr).source) .. ' speaks SSH 1')
    return false
  end
end

-- Called for TCP packets that no other rule decides about: those of connections that are open pass.
local function checkOpen(hdr)
  local tcp = packet.transport(hdr)
  return tcp and (tcp.syn == 0 or tcp.ack == 1) or false
end

rules = packet.rules {
  group { ['in'] = 'lo', pass {} },
  group {
    saddr = { '10.0.0.0/8', '192.168.0.0/16' },
    pass { proto = { 'tcp', 'udp' }, port = 53, final = true },
    pass {},
    block { proto = 'tcp', dport = { 23, '6000-6063' } },
    pass { proto = 'tcp', dport = 22, apply = checkClient },
  },
  pass { proto = { 'icmp', 'icmpv6' } },
  pass { proto = 'tcp', apply = checkOpen },
  pass { proto = 'tcp', dport = { 80, 443 } },
  pass { proto = 'udp', sport = { 53, 123 } },
  default = 'block',
}
filter = rules.apply
