-- Where the processes of a control group may not go: by TCP or UDP, over IPv4 or IPv6.
--
--     moonring create guard --kernel
--     moonring load guard connect-guard.lua
--     for hook in connect4 connect6 sendmsg4 sendmsg6; do
--       moonring attach guard cgroup/$hook --cgroup DIRECTORY --call reach --default deny
--     done
--     moonring eval guard "forbid '192.0.2.7'"
--
-- All four hooks belong together: connect4 alone sees no IPv6 socket, though one can reach IPv4 addresses, and no hook of
-- connections sees UDP messages that carry their own address. What the hooks don't see is in docs/subsystems.md.
local packet = require 'packet'

forbidden = {}

function forbid(address)
  forbidden[packet.address(address)] = true
end

function reach(address, port, protocol)
  if not forbidden[address] then return true end
  print('refused', packet.format(address), port, protocol)
  return false
end

forbid '10.79.0.1'
forbid 'fd79::1'
