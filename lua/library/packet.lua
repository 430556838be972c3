---@meta packet

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---Layouts of protocols, and helpers for scripts that see packets; see [packets](packets.md).
---@class packetlib
local packet = {}

---Layouts of ethernet, vlan, arp, ip, ip6, extension, fragment, tcp, udp, sctp, icmp, icmp6, dns.
---@type table<string, data.layout>
packet.layouts = nil

---The verdict that sends the packet back out of the same device.
---@type integer
packet.tx = nil

---An IPv4 address as an integer, an IPv6 address as a string of 16 bytes; raises for other texts.
---@param text string
---@return integer|string
function packet.address(text) end

---A rule that drops what matches: proto, sport, dport, port, saddr, daddr, ethertype, mark, in, out, final, apply.
---@param options table
---@return table
function packet.block(options) end

---Computes all checksums of the packet anew, from its bytes.
---@param hdr data.block
---@param pld? data.block
function packet.checksums(hdr, pld) end

---Iterates over the extension headers of an IPv6 packet: type, and a segment with the layout extension or fragment.
---@param hdr data.block
---@return function
function packet.extensions(hdr) end

---The text of an address: of the low 32 bits of an integer, of 16 bytes, or of 6 bytes of Ethernet.
---@param address integer|string
---@return string
function packet.format(address) end

---A list of rules for packets that match its options, asked if none of the rules before it matches.
---@param options table
---@return table
function packet.group(options) end

---Gives hdr the layout ip or ip6, by its version, and returns it; nil if it is neither.
---@param hdr data.block
---@return data.block|nil
function packet.network(hdr) end

---A rule that accepts what matches; its options are those of block.
---@param options table
---@return table
function packet.pass(options) end

---Name, type and class of the first question of a DNS message, and the offset behind it; nil if it is not whole.
---@param pld? data.block
---@return string|nil
---@return integer?
---@return integer?
---@return integer?
function packet.question(pld) end

---The verdict that sends the packet out of another device.
---@param ifindex integer
---@return integer
function packet.redirect(ifindex) end

---Swaps the addresses and ports of the packet, so that it goes back to its sender; checksums stay right.
---@param hdr data.block
---@param eth? data.block
function packet.reply(hdr, eth) end

---A packet filter as in npf.conf(5): rules, groups and default = "pass" or "block"; see [rules](packet-rules.md).
---@param list table
---@return table
function packet.rules(list) end

---The name of the server that a TLS client hello asks for, if it is in this payload.
---@param pld? data.block
---@return string|nil
function packet.server_name(pld) end

---Sets the destination and keeps the checksums right; false if the packet has no such field.
---@param hdr data.block
---@param address? integer|string
---@param port? integer
---@return boolean
function packet.set_destination(hdr, address, port) end

---Sets the source and keeps the checksums right; false if the packet has no such field.
---@param hdr data.block
---@param address? integer|string
---@param port? integer
---@return boolean
function packet.set_source(hdr, address, port) end

---The transport header, with its layout, and the name of its protocol, or the number of one without a layout.
---@param hdr data.block
---@return data.block|nil
---@return string|integer
function packet.transport(hdr) end

return packet
