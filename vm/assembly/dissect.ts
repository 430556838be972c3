// Finds the parts of a packet in its first bytes. This runs before the state's lock is taken, on several processors at
// once: it writes nothing but the packet's slot, and no function here may need a frame in memory (the translator checks
// that).
//
// Whatever the bytes are, nothing here fails: what can't be understood is malformed. The layouts are those of
// IEEE 802.3 and 802.1Q, RFC 791, RFC 8200 (with the extension headers of RFC 4302, 5533, 6275, 7401), RFC 9293,
// RFC 768, RFC 3828, RFC 792, RFC 4443 and RFC 9260.
import {
  PACKETINFO_PROTOCOL,
  PACKETKIND_EXTENSION_SHORT,
  PACKETKIND_ICMP_SHORT,
  PACKETKIND_IP,
  PACKETKIND_IP4_HEADER,
  PACKETKIND_IP4_SHORT,
  PACKETKIND_IP4_TOTAL,
  PACKETKIND_IP6_SHORT,
  PACKETKIND_LINK_SHORT,
  PACKETKIND_OTHER,
  PACKETKIND_SCTP_SHORT,
  PACKETKIND_TCP_HEADER,
  PACKETKIND_TCP_SHORT,
  PACKETKIND_TOO_LONG,
  PACKETKIND_UDP_LENGTH,
  PACKETKIND_UDP_SHORT,
  PACKETKIND_VERSION,
  PACKETKIND_VLAN_SHORT,
  SLOT_DESTINATION,
  SLOT_DESTINATION_PORT,
  SLOT_END,
  SLOT_FAMILY,
  SLOT_HEAD,
  SLOT_INFO,
  SLOT_KIND,
  SLOT_KNOWN,
  SLOT_LATER,
  SLOT_LENGTH,
  SLOT_NETWORK,
  SLOT_PAYLOAD,
  SLOT_PROTOCOL,
  SLOT_SOURCE,
  SLOT_SOURCE_PORT,
  SLOT_START,
  SLOT_TRANSPORT,
} from '../generated/layout'

const ETHERTYPE_IP4: i32 = 0x0800
const ETHERTYPE_IP6: i32 = 0x86dd

const HOP_BY_HOP: i32 = 0
const ICMP: i32 = 1
const TCP: i32 = 6
const UDP: i32 = 17
const ROUTING: i32 = 43
const FRAGMENT: i32 = 44
const AUTHENTICATION: i32 = 51
const ICMP6: i32 = 58
const DESTINATION_OPTIONS: i32 = 60
const SCTP: i32 = 132
const MOBILITY: i32 = 135
const UDP_LITE: i32 = 136
const HOST_IDENTITY: i32 = 139
const SHIM6: i32 = 140

function byteAt(slot: usize, at: i32): i32 {
  return load<u8>(slot + usize(at), SLOT_HEAD)
}

function wordAt(slot: usize, at: i32): i32 {
  return i32(bswap<u16>(load<u16>(slot + usize(at), SLOT_HEAD)))
}

/** Why `bytes` bytes from `at` on can't be read: the packet ends before, or they are not among its first bytes. */
function missing(slot: usize, end: i32, kind: i32): i32 {
  return end <= load<i32>(slot, SLOT_LENGTH) ? PACKETKIND_TOO_LONG : kind
}

/** Bytes of the transport header with its `available` bytes; negative: what is wrong with it. */
function transportSize(slot: usize, at: i32, available: i32): i32 {
  const protocol = load<i32>(slot, SLOT_PROTOCOL)
  if (protocol == TCP) {
    if (available < 20) return -PACKETKIND_TCP_SHORT
    if (at + 20 > load<i32>(slot, SLOT_KNOWN)) return -missing(slot, at + 20, PACKETKIND_TCP_SHORT)
    const size = (byteAt(slot, at + 12) >> 4) << 2
    if (size < 20) return -PACKETKIND_TCP_HEADER
    return size > available ? -PACKETKIND_TCP_SHORT : size
  }
  if (protocol == UDP || protocol == UDP_LITE) return available < 8 ? -PACKETKIND_UDP_SHORT : 8
  if (protocol == ICMP || protocol == ICMP6) return available < 8 ? -PACKETKIND_ICMP_SHORT : 8
  if (protocol == SCTP) return available < 12 ? -PACKETKIND_SCTP_SHORT : 12
  return 0
}

/** The ports of a transport header, and for UDP where its payload ends. */
function ports(slot: usize, at: i32): i32 {
  const protocol = load<i32>(slot, SLOT_PROTOCOL)
  if (protocol == ICMP || protocol == ICMP6) return PACKETKIND_IP
  store<i32>(slot, wordAt(slot, at), SLOT_SOURCE_PORT)
  store<i32>(slot, wordAt(slot, at + 2), SLOT_DESTINATION_PORT)
  if (protocol != UDP) return PACKETKIND_IP
  // 0 in jumbograms (RFC 2675); fragmented datagrams end later than the packet
  const length = wordAt(slot, at + 4)
  if (length && length < 8) return PACKETKIND_UDP_LENGTH
  if (length && at + length < load<i32>(slot, SLOT_END)) store<i32>(slot, at + length, SLOT_END)
  return PACKETKIND_IP
}

/** What follows the IP header at `at`. */
function transport(slot: usize, at: i32): i32 {
  store<i32>(slot, at, SLOT_TRANSPORT)
  store<i32>(slot, at, SLOT_PAYLOAD)
  if (load<i32>(slot, SLOT_LATER)) return PACKETKIND_IP
  const size = transportSize(slot, at, load<i32>(slot, SLOT_END) - at)
  if (size < 0) return -size
  if (at + size > load<i32>(slot, SLOT_KNOWN)) return missing(slot, at + size, PACKETKIND_TCP_SHORT)
  store<i32>(slot, at + size, SLOT_PAYLOAD)
  return size ? ports(slot, at) : PACKETKIND_IP
}

/** The IP packet of `length` bytes ends there, or where the packet does. */
function endAt(slot: usize, at: i32, length: i32): void {
  const end = load<i32>(slot, SLOT_LENGTH)
  store<i32>(slot, length < end - at ? at + length : end, SLOT_END)
}

function dissectIp4(slot: usize, at: i32): i32 {
  const known = load<i32>(slot, SLOT_KNOWN)
  if (at + 20 > known) return missing(slot, at + 20, PACKETKIND_IP4_SHORT)
  const first = byteAt(slot, at)
  if (first >> 4 != 4) return PACKETKIND_VERSION
  const size = (first & 15) << 2
  if (size < 20) return PACKETKIND_IP4_HEADER
  if (at + size > known) return missing(slot, at + size, PACKETKIND_IP4_SHORT)
  // segmentation offload leaves 0 where the length doesn't fit: then the frame says where the packet ends
  const total = wordAt(slot, at + 2)
  if (total && total < size) return PACKETKIND_IP4_TOTAL
  endAt(slot, at, total ? total : 0x7fffffff - at)
  store<i32>(slot, 4, SLOT_FAMILY)
  store<i32>(slot, byteAt(slot, at + 9), SLOT_PROTOCOL)
  store<i32>(slot, at + 12, SLOT_SOURCE)
  store<i32>(slot, at + 16, SLOT_DESTINATION)
  store<i32>(slot, wordAt(slot, at + 6) & 0x1fff ? 1 : 0, SLOT_LATER)
  return transport(slot, at + size)
}

/** Bytes of the extension header at `at`; 0: that is none. */
function extensionSize(slot: usize, type: i32, at: i32): i32 {
  if (type == FRAGMENT) return 8
  if (at + 2 > load<i32>(slot, SLOT_KNOWN)) return 8
  if (type == AUTHENTICATION) return (byteAt(slot, at + 1) + 2) << 2
  if (
    type == HOP_BY_HOP ||
    type == ROUTING ||
    type == DESTINATION_OPTIONS ||
    type == MOBILITY ||
    type == HOST_IDENTITY ||
    type == SHIM6
  )
    return (byteAt(slot, at + 1) + 1) << 3
  return 0
}

function isExtension(type: i32): bool {
  return (
    type == HOP_BY_HOP ||
    type == ROUTING ||
    type == FRAGMENT ||
    type == AUTHENTICATION ||
    type == DESTINATION_OPTIONS ||
    type == MOBILITY ||
    type == HOST_IDENTITY ||
    type == SHIM6
  )
}

/** Goes through extension headers, each of which starts with the next one's type. */
function extensions(slot: usize, start: i32): i32 {
  let at = start
  let type = load<i32>(slot, SLOT_PROTOCOL)
  while (isExtension(type) && !load<i32>(slot, SLOT_LATER)) {
    const size = extensionSize(slot, type, at)
    if (at + size > load<i32>(slot, SLOT_END)) return PACKETKIND_EXTENSION_SHORT
    if (at + size > load<i32>(slot, SLOT_KNOWN)) return missing(slot, at + size, PACKETKIND_EXTENSION_SHORT)
    if (type == FRAGMENT && wordAt(slot, at + 2) >> 3) store<i32>(slot, 1, SLOT_LATER)
    type = byteAt(slot, at)
    store<i32>(slot, type, SLOT_PROTOCOL)
    at += size
  }
  return transport(slot, at)
}

function dissectIp6(slot: usize, at: i32): i32 {
  if (at + 40 > load<i32>(slot, SLOT_KNOWN)) return missing(slot, at + 40, PACKETKIND_IP6_SHORT)
  if (byteAt(slot, at) >> 4 != 6) return PACKETKIND_VERSION
  const protocol = byteAt(slot, at + 6)
  const length = wordAt(slot, at + 4)
  // jumbograms and segmentation offload leave 0: then the frame says where the packet ends
  const isOpen = !length && (protocol == HOP_BY_HOP || protocol == TCP)
  endAt(slot, at, isOpen ? 0x7fffffff - at : length + 40)
  store<i32>(slot, 6, SLOT_FAMILY)
  store<i32>(slot, protocol, SLOT_PROTOCOL)
  store<i32>(slot, at + 8, SLOT_SOURCE)
  store<i32>(slot, at + 24, SLOT_DESTINATION)
  return extensions(slot, at + 40)
}

function setType(slot: usize, type: i32, at: i32): void {
  store<i32>(slot, type, SLOT_INFO + PACKETINFO_PROTOCOL)
  store<i32>(slot, at, SLOT_NETWORK)
}

/** A packet without a link layer: its first bits are the version. */
function byVersion(slot: usize): i32 {
  if (load<i32>(slot, SLOT_KNOWN) < 1) return PACKETKIND_LINK_SHORT
  const version = byteAt(slot, 0) >> 4
  if (version != 4 && version != 6) return PACKETKIND_VERSION
  setType(slot, version == 4 ? ETHERTYPE_IP4 : ETHERTYPE_IP6, 0)
  return version == 4 ? dissectIp4(slot, 0) : dissectIp6(slot, 0)
}

/** Tags of 802.1Q, 802.1ad, and of the time before that. */
function isTag(type: i32): bool {
  return type == 0x8100 || type == 0x88a8 || type == 0x9100
}

function byEtherType(slot: usize, start: i32): i32 {
  const known = load<i32>(slot, SLOT_KNOWN)
  let next = start & 255
  if (next > known) return PACKETKIND_LINK_SHORT
  let type = wordAt(slot, start >> 8)
  while (isTag(type)) {
    if (next + 4 > known) return missing(slot, next + 4, PACKETKIND_VLAN_SHORT)
    type = wordAt(slot, next + 2)
    next += 4
  }
  setType(slot, type, next)
  if (type == ETHERTYPE_IP4) return dissectIp4(slot, next)
  if (type == ETHERTYPE_IP6) return dissectIp6(slot, next)
  store<i32>(slot, load<i32>(slot, SLOT_LENGTH), SLOT_PAYLOAD)
  return PACKETKIND_OTHER
}

/** Dissects the packet whose length and first bytes are in a slot: PACKET_KIND. */
export function dissect(slot: usize): i32 {
  store<i32>(slot, 0, SLOT_FAMILY)
  store<i32>(slot, -1, SLOT_PROTOCOL)
  store<i32>(slot, 0, SLOT_LATER)
  store<i32>(slot, -1, SLOT_SOURCE_PORT)
  store<i32>(slot, -1, SLOT_DESTINATION_PORT)
  store<i32>(slot, 0, SLOT_NETWORK)
  store<i32>(slot, load<i32>(slot, SLOT_LENGTH), SLOT_END)
  const start = load<i32>(slot, SLOT_START)
  const kind = start ? byEtherType(slot, start) : byVersion(slot)
  store<i32>(slot, kind, SLOT_KIND)
  return kind
}
