-- A door for SSH: who sends TCP packets to the ports 7000, 8000 and 9000, one after the other within 5 seconds each, may
-- open connections to port 22 for 30 seconds. Connections that are open stay open. Knocks are never answered.
--
--   moonring create door --kernel
--   moonring load door examples/knock.lua
--   moonring attach door netfilter/local-in --proto tcp
local packet = require 'packet'
local SECOND <const> = 1000000000
local SOURCES <const> = 1000

local knocks = { 7000, 8000, 9000 }
local stepOf = { [7000] = 1, [8000] = 2, [9000] = 3 }
-- How many knocks each source has made, and until when that counts. All is forgotten when there are too many sources.
local steps, untilWhen, count = {}, {}, 0

function filter(hdr)
  local tcp = packet.transport(hdr)
  if not tcp or tcp.syn == 0 or tcp.ack == 1 then return true end
  local source, now = packet.network(hdr).source, linux.time()
  local step = steps[source] and now < untilWhen[source] and steps[source] or 0
  if tcp.destination == 22 then return step == #knocks end
  local knock = stepOf[tcp.destination]
  if not knock then return true end
  if knock == step then return false end -- sent once more, as nobody has answered
  if knock ~= step + 1 then knock = knock == 1 and 1 or 0 end
  if not steps[source] then
    if count == SOURCES then steps, untilWhen, count = {}, {}, 0 end
    count = count + 1
  end
  steps[source], untilWhen[source] = knock, now + (knock == #knocks and 30 or 5) * SECOND
  return false
end
