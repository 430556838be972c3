-- The module packet: layouts of protocols, and helpers for scripts that see packets. Scripts get it by require; it is
-- no part of a state before. It needs the libraries data and string.
local data = assert(data, "module 'packet' needs the library 'data'")
local string = assert(string, "module 'packet' needs the library 'string'")
local compile = data.layout
local find, gmatch, gsub, match, sub = string.find, string.gmatch, string.gsub, string.match, string.sub
local byte, format, pack, rep, unpack = string.byte, string.format, string.pack, string.rep, string.unpack
local error, require, tonumber, tostring, type = error, require, tonumber, tostring, type

local packet = {}

-- Layouts -----------------------------------------------------------------------------------------------------------

-- A layout from its fields in order, as the diagrams of the RFCs show them: `name:n` is a number of n bits, `name*n` a
-- string of n bytes, `@n` goes to bit n.
local function layout(text)
  local fields, at = {}, 0
  for name, kind, n in gmatch(text, '([%w_]*)([:*@])(%d+)') do
    n = tonumber(n)
    if kind == '@' then
      at = n
    elseif kind == ':' then
      fields[name], at = { at, n }, at + n
    else
      fields[name], at = { at // 8, n, 'string' }, at + 8 * n
    end
  end
  return compile(fields)
end

local layouts = {
  -- IEEE 802.3, 802.1Q (a tag begins behind the type 0x8100 or 0x88a8), RFC 826
  ethernet = layout 'destination*6 source*6 type:16',
  vlan = layout 'pcp:3 dei:1 vid:12 type:16',
  arp = layout 'hrd:16 pro:16 hln:8 pln:8 op:16 sha*6 spa:32 tha*6 tpa:32',
  -- RFC 791, 2474, 3168
  ip = layout [[version:4 ihl:4 dscp:6 ecn:2 length:16 id:16 flags:3 offset:13 ttl:8 protocol:8 checksum:16
    source:32 destination:32 @49 df:1 mf:1]],
  -- RFC 8200, 2474, 3168
  ip6 = layout [[version:4 dscp:6 ecn:2 flow_label:20 payload_length:16 next_header:8 hop_limit:8
    source*16 destination*16 @4 traffic_class:8]],
  extension = layout 'next_header:8 length:8',
  fragment = layout 'next_header:8 @16 offset:13 @31 mf:1 id:32',
  -- RFC 9293, 768, 9260
  tcp = layout [[source:16 destination:16 sequence:32 acknowledgment:32 offset:4 reserved:4
    cwr:1 ece:1 urg:1 ack:1 psh:1 rst:1 syn:1 fin:1 window:16 checksum:16 urgent_pointer:16 @104 flags:8]],
  udp = layout 'source:16 destination:16 length:16 checksum:16',
  sctp = layout 'source:16 destination:16 verification_tag:32 checksum:32',
  -- RFC 792, 1191; RFC 4443, 4861
  icmp = layout 'type:8 code:8 checksum:16 id:16 sequence:16 @32 gateway:32 @32 pointer:8 @48 mtu:16',
  icmp6 = layout 'type:8 code:8 checksum:16 id:16 sequence:16 target*16 @32 mtu:32 @32 pointer:32',
  -- RFC 1035, 4035
  dns = layout [[id:16 qr:1 opcode:4 aa:1 tc:1 rd:1 ra:1 z:1 ad:1 cd:1 rcode:4
    qdcount:16 ancount:16 nscount:16 arcount:16]],
}
packet.layouts = layouts
local ip, ip6, extension, fragment = layouts.ip, layouts.ip6, layouts.extension, layouts.fragment

-- Headers -----------------------------------------------------------------------------------------------------------

-- hdr with the layout ip or ip6; nil if it is neither.
local function network(hdr)
  local version = hdr:layout(ip).version
  if version == 4 then return hdr end
  if version == 6 then return hdr:layout(ip6) end
end
packet.network = network

-- Numbers of protocols that have a layout (IANA, Protocol Numbers).
local TRANSPORTS = { [1] = 'icmp', [6] = 'tcp', [17] = 'udp', [58] = 'icmp6', [132] = 'sctp' }

-- What headers are extensions, and the bytes of a unit of their length (RFC 8200, 4302, 6275, 7401, 5533).
local EXTENSIONS = { [0] = 8, [43] = 8, [44] = 0, [51] = 4, [60] = 8, [135] = 8, [139] = 8, [140] = 8 }
local FRAGMENT <const> = 44

-- Iterates over the extension headers of IPv6: type, and a segment with layout extension or fragment. Ends where one
-- isn't whole, and behind the fragment header of a later fragment.
function packet.extensions(hdr)
  local at, kind = 40, hdr:layout(ip6).version == 6 and hdr.next_header
  return function()
    local this, unit = kind, EXTENSIONS[kind]
    local start = unit and hdr:segment(at, 8)
    if not start or #start < 8 then return end
    start:layout(fragment)
    kind = start.next_header
    if this == FRAGMENT then
      at = at + 8
      if start.offset ~= 0 then kind = nil end
      return this, start
    end
    local bytes = 8 + start:layout(extension).length * unit
    local whole = hdr:segment(at, bytes)
    if #whole < bytes then return end
    at = at + bytes
    return this, whole:layout(extension)
  end
end

-- Protocol and offset behind the extension headers; nil in later fragments, and where a header is cut short.
local function behind(hdr)
  local protocol, at = hdr.next_header, 40
  if not EXTENSIONS[protocol] then return protocol, at end
  for kind, segment in packet.extensions(hdr) do
    if kind == FRAGMENT and segment.offset ~= 0 then return end
    protocol, at = segment.next_header, at + #segment
  end
  if not EXTENSIONS[protocol] then return protocol, at end
end

-- The part with the transport header and its protocol, of blocks that the VM doesn't know as a packet.
local function parse(hdr)
  local version = hdr:layout(ip).version
  local protocol, at
  if version == 4 then
    if hdr.offset == 0 then protocol, at = hdr.protocol, 4 * hdr.ihl end
  elseif version == 6 then
    protocol, at = behind(hdr:layout(ip6))
  end
  return at and hdr:segment(at), protocol
end

-- The transport header with its layout, and its name or number; nil in later fragments.
function packet.transport(hdr)
  local segment, protocol = hdr:transport()
  if segment == false then segment, protocol = parse(hdr) end
  if not segment then return end
  local name = TRANSPORTS[protocol]
  if not name then return segment, protocol end
  return segment:layout(layouts[name]), name
end

-- Addresses ---------------------------------------------------------------------------------------------------------

local function address4(text)
  local value, count = 0, 0
  for part in gmatch(text .. '.', '([^.]*)%.') do
    if not match(part, '^%d%d?%d?$') or match(part, '^0.') or tonumber(part) > 255 then return end
    value, count = value << 8 | tonumber(part), count + 1
  end
  if count == 4 then return value end
end

-- Bytes of groups with colons between them, of which the last may be an IPv4 address where it ends the text.
local function groups(text, last)
  local bytes, ended = '', false
  if text == '' then return bytes end
  for part in gmatch(text .. ':', '([^:]*):') do
    local four = last and address4(part)
    if ended or not four and not match(part, '^%x%x?%x?%x?$') then return end
    bytes, ended = bytes .. (four and pack('>I4', four) or pack('>I2', tonumber(part, 16))), four
  end
  return bytes
end

-- RFC 4291, section 2.2.
local function address6(text)
  local head, tail = match(text, '^(.-)::(.*)$')
  local before, behind = groups(head or text, not head), groups(tail or '', true)
  if not before or not behind then return end
  local missing = 16 - #before - #behind
  if tail and missing > 0 or missing == 0 and not tail then return before .. rep('\0', missing) .. behind end
end

-- An IPv4 address as an integer, an IPv6 address as a string of 16 bytes.
function packet.address(text)
  local address = type(text) == 'string' and (address4(text) or address6(text))
  if address then return address end
  error("bad argument #1 to 'address' (" .. tostring(text) .. ' is no IPv4 or IPv6 address)')
end

local MAPPED <const> = '\0\0\0\0\0\0\0\0\0\0\255\255'

-- RFC 5952: without the longest run of zeros; an IPv4 address that is mapped in its own form.
local function format6(address)
  if sub(address, 1, 12) == MAPPED then return format('::ffff:%d.%d.%d.%d', byte(address, 13, 16)) end
  local text, best, length, run = '', 0, 1, 0
  for i = 1, 8 do
    run = unpack('>I2', address, 2 * i - 1) == 0 and run + 1 or 0
    if run > length then best, length = i - run + 1, run end
  end
  for i = 1, 8 do
    if i == best then
      text = text .. '::'
    elseif i < best or i >= best + length then
      text = text .. (i ~= 1 and i ~= best + length and ':' or '') .. format('%x', (unpack('>I2', address, 2 * i - 1)))
    end
  end
  return text
end

-- The text of an address: integer, 16 bytes, or 6 bytes of Ethernet.
function packet.format(address)
  local kind = type(address)
  if kind == 'number' then
    return format('%d.%d.%d.%d', address >> 24 & 255, address >> 16 & 255, address >> 8 & 255, address & 255)
  end
  if kind == 'string' and #address == 16 then return format6(address) end
  if kind == 'string' and #address == 6 then return format('%02x:%02x:%02x:%02x:%02x:%02x', byte(address, 1, 6)) end
  error("bad argument #1 to 'format' (an integer, or 16 or 6 bytes expected)")
end

-- Changes -----------------------------------------------------------------------------------------------------------

-- Sets an address, a port, or both, if they are given; false if the packet has no such field.
local function setter(what)
  return function(hdr, address, port)
    return (address == nil or hdr:rewrite(what, address)) and (port == nil or hdr:rewrite(what + 2, port))
  end
end
packet.set_source, packet.set_destination = setter(0), setter(1)

function packet.checksums(hdr, pld) return hdr:seal(pld) end

local function swap(block)
  local source, destination = block.source, block.destination
  if source and destination then
    block.source, block.destination = destination, source
  end
end

-- Sends the packet where it came from: swaps the addresses and ports. No checksum changes by that.
function packet.reply(hdr, eth)
  if eth then swap(eth:layout(layouts.ethernet)) end
  local segment, name = packet.transport(hdr)
  if network(hdr) then swap(hdr) end
  if name == 'tcp' or name == 'udp' then swap(segment) end
end

-- Verdicts on tc and xdp: out of the same device, or of another one.
packet.tx = 0x40000000
function packet.redirect(ifindex) return packet.tx + ifindex end

-- Payloads ----------------------------------------------------------------------------------------------------------

-- Bytes of a header and of the longest name in a question (RFC 1035, sections 2.3.4, 4.1).
local QUESTION <const> = 12 + 255 + 4

-- Characters of a label that would be mistaken for others (RFC 1035, section 5.1).
local function escape(c)
  if match(c, '[.\\]') then return '\\' .. c end
  return match(c, '[!-~]') or format('\\%03d', byte(c))
end

-- Name, type and class of the first question in a message of DNS, and the offset behind it; nil if there is none that is
-- whole, and for a name that is compressed, which a first question has no use for.
function packet.question(pld)
  local start = pld and pld:segment(0, QUESTION)
  local bytes, at, name = start and tostring(start) or '', 13, ''
  -- bytes 5 and 6 say how many questions there are
  if #bytes < 12 or sub(bytes, 5, 6) == '\0\0' then return end
  while true do
    local length = byte(bytes, at)
    if not length or length > 63 then return end
    if length == 0 then break end
    local label = sub(bytes, at + 1, at + length)
    if find(label, '[^%w_-]') then label = gsub(label, '[^%w_-]', escape) end
    name = name .. (at > 13 and '.' or '') .. label
    at = at + 1 + length
  end
  if at > 12 + 255 or at + 4 > #bytes then return end
  local kind, class = unpack('>I2I2', bytes, at + 1)
  return name, kind, class, at + 4
end

-- The number of `size` bytes at a position, or nil.
local function number(bytes, at, size)
  if at + size - 1 <= #bytes then return (unpack('>I' .. size, bytes, at)) end
end

-- Position behind a vector whose length is in `size` bytes (RFC 8446, section 3.4), or nil.
local function skip(bytes, at, size)
  local length = at and number(bytes, at, size)
  return length and at + size + length
end

-- The server's name that a client hello of TLS asks for (RFC 8446, sections 4.1.2 and 5.1; RFC 6066, section 3), if all
-- of it is in this payload and in its first record. The rest of the hello may be missing.
function packet.server_name(pld)
  local start = pld and tostring(pld:segment(0, 6))
  if not start or not find(start, '^\22\3.[\0-\64].\1$') then return end
  local bytes = tostring(pld:segment(0, 5 + number(start, 4, 2)))
  local stop = skip(bytes, 7, 3)
  -- behind the version and the random bytes: session, cipher suites, compression methods, extensions
  local at = skip(bytes, skip(bytes, skip(bytes, 44, 1), 2), 1)
  local behind = skip(bytes, at, 2)
  if not stop or not behind or behind > stop then return end
  at = at + 2
  while at + 4 <= behind do
    local kind, following = number(bytes, at, 2), skip(bytes, at + 2, 2)
    if not following or following > behind then return end
    if kind == 0 then
      -- a list of names, of which only that of a host (0) is defined, so that it has just one
      if following > #bytes + 1 or skip(bytes, at + 4, 2) ~= following or byte(bytes, at + 6) ~= 0 then return end
      if skip(bytes, at + 7, 2) ~= following or at + 9 == following then return end
      return sub(bytes, at + 9, following - 1)
    end
    at = following
  end
end

-- Rules -------------------------------------------------------------------------------------------------------------

local function item(kind)
  return function(options) return { kind = kind, options = options } end
end
packet.pass, packet.block, packet.group = item 'pass', item 'block', item 'group'

function packet.rules(list) return require 'packet.rules'(list) end

return packet
