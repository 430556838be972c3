-- Drops the first packet of TLS connections to servers of these names, and of all names below them.
--
--   moonring create sni --kernel
--   moonring load sni examples/sni-block.lua
--   moonring attach sni netfilter/forward --proto tcp --dport 443
--   moonring eval sni "blocked['example.org'] = true"
local packet = require 'packet'

blocked = { ['example.com'] = true, ['ads.example.net'] = true }

-- Whether a name, or one that it is below, is in the list.
local function isBlocked(name)
  while name do
    if blocked[name] then return true end
    name = name:match('%.(.+)$')
  end
end

function filter(hdr, pld)
  local name = packet.server_name(pld)
  if not name or not isBlocked(name:lower()) then return true end
  print('refused: ' .. name)
  return false
end
