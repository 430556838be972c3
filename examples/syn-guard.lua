-- Lets each source open 10 TCP connections a second, and 20 at a stretch. The rest of its first packets is dropped.
--
--   moonring create guard --kernel
--   moonring load guard examples/syn-guard.lua
--   moonring attach guard netfilter/local-in --proto tcp
local packet = require 'packet'
local INTERVAL <const> = 1000000000 // 10
local BURST <const> = 20
local SOURCES <const> = 1000

-- A bucket of tokens for each source, told by the time at which it is full again. Sources that were seen last are in the
-- first table; when that has become large, it takes the place of the second.
local recent, older, count = {}, {}, 0

function filter(hdr)
  local tcp = packet.transport(hdr)
  if not tcp or tcp.syn == 0 or tcp.ack == 1 then return true end
  local source, now = packet.network(hdr).source, linux.time()
  if not recent[source] then
    if count == SOURCES then recent, older, count = {}, recent, 0 end
    recent[source], count = older[source] or now, count + 1
  end
  local full = recent[source] > now and recent[source] or now
  if full - now > (BURST - 1) * INTERVAL then return false end
  recent[source] = full + INTERVAL
  return true
end
