-- Drops packets in which a peer announces OpenSSH 6.4, as in "SSH-2.0-OpenSSH_6.4".
-- hdr: headers from the network layer up to the payload. pld: the payload. Both are data blocks.

refused = 'OpenSSH_6.4'
local announcement = 'SSH%-[^-%G]+%-([^-%G]+)'

function filter(hdr, pld)
  local start = pld:segment(0, 255)
  if not start then
    return true -- no payload, such as a TCP acknowledgement
  end
  local software = tostring(start):match(announcement)
  return software ~= refused
end
