/**
 * Finds the parts of a captured packet, the stage between reading and matching: where the network layer
 * starts, where the payload starts and ends, and who talks to whom. Offsets only, nothing is copied, and no
 * bytes whatever make it throw: what can't be understood is marked as malformed.
 */

import { type Dissection, type IpHeader, malformed } from './ip-packet.ts'
import {
  LINK_ETHERNET,
  LINK_IPV4,
  LINK_IPV6,
  LINK_LINUX_SLL,
  LINK_LINUX_SLL2,
  LINK_LOOP,
  LINK_NULL,
} from './link-type.ts'
import { uint16 } from './network-order.ts'
import { TCP } from './protocol.ts'
import { dissectTransport } from './transport.ts'

const NOT_IP: Dissection = { kind: 'not-ip' }

/**
 * Dissects one packet.
 * @param linkType a LINKTYPE_ number that isSupportedLinkType knows
 * @param start offset of the packet's first byte, at the link layer
 * @param end offset past its last captured byte
 */
export function dissect(linkType: number, bytes: Uint8Array, start: number, end: number): Dissection {
  switch (linkType) {
    case LINK_ETHERNET:
      return end - start < 14
        ? malformed('Ethernet header cut short')
        : byEtherType(bytes, start + 12, start + 14, end)
    case LINK_LINUX_SLL:
      return end - start < 16
        ? malformed('link header cut short')
        : byEtherType(bytes, start + 14, start + 16, end)
    case LINK_LINUX_SLL2:
      return end - start < 20
        ? malformed('link header cut short')
        : byEtherType(bytes, start, start + 20, end)
    case LINK_NULL:
    case LINK_LOOP:
      return byAddressFamily(bytes, start, end)
    case LINK_IPV4:
      return dissectIpv4(bytes, start, end)
    case LINK_IPV6:
      return dissectIpv6(bytes, start, end)
    default:
      return byVersion(bytes, start, end)
  }
}

const ETHERTYPE_IPV4 = 0x0800
const ETHERTYPE_IPV6 = 0x86dd
/** Customer, provider (QinQ) and pre-standard provider tags. */
const VLAN_TAGS = new Set([0x8100, 0x88a8, 0x9100])

/** Goes through VLAN tags; `type` is the offset of an EtherType, `next` what it describes. */
function byEtherType(bytes: Uint8Array, type: number, next: number, end: number): Dissection {
  let etherType = uint16(bytes, type)
  let offset = next
  while (VLAN_TAGS.has(etherType)) {
    if (end - offset < 4) return malformed('VLAN tag cut short')
    etherType = uint16(bytes, offset + 2)
    offset += 4
  }
  if (etherType === ETHERTYPE_IPV4) return dissectIpv4(bytes, offset, end)
  if (etherType === ETHERTYPE_IPV6) return dissectIpv6(bytes, offset, end)
  return NOT_IP
}

/** AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24, 28 and 30 on BSDs and macOS. */
const IPV6_FAMILIES = new Set([10, 24, 28, 30])

/** The address family is in the byte order of the machine that recorded: small in one of the two orders. */
function byAddressFamily(bytes: Uint8Array, start: number, end: number): Dissection {
  if (end - start < 4) return malformed('link header cut short')
  const high = uint16(bytes, start)
  const family = high === 0 ? uint16(bytes, start + 2) : (bytes[start + 1]! << 8) | bytes[start]!
  if (family === 2) return dissectIpv4(bytes, start + 4, end)
  if (IPV6_FAMILIES.has(family)) return dissectIpv6(bytes, start + 4, end)
  return NOT_IP
}

function byVersion(bytes: Uint8Array, start: number, end: number): Dissection {
  if (end <= start) return malformed('empty packet')
  const version = bytes[start]! >> 4
  if (version === 4) return dissectIpv4(bytes, start, end)
  if (version === 6) return dissectIpv6(bytes, start, end)
  return malformed('IP version')
}

/** RFC 791. */
function dissectIpv4(bytes: Uint8Array, network: number, end: number): Dissection {
  if (end - network < 20) return malformed('IPv4 header cut short')
  if (bytes[network]! >> 4 !== 4) return malformed('IP version')
  const headerLength = (bytes[network]! & 15) * 4
  if (headerLength < 20) return malformed('IPv4 header length')
  if (end - network < headerLength) return malformed('IPv4 header cut short')
  // Segmentation offload leaves 0 where the length doesn't fit: then the frame says where the packet ends.
  const totalLength = uint16(bytes, network + 2) || end - network
  if (totalLength < headerLength) return malformed('IPv4 total length')
  const header: IpHeader = {
    family: 4,
    network,
    protocol: bytes[network + 9]!,
    source: network + 12,
    destination: network + 16,
    end: Math.min(end, network + totalLength),
    truncated: network + totalLength > end,
  }
  const laterFragment = (uint16(bytes, network + 6) & 0x1fff) !== 0
  return dissectTransport(bytes, header, network + headerLength, laterFragment)
}

const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
const AUTHENTICATION = 51
const DESTINATION_OPTIONS = 60
const MOBILITY = 135
const HOST_IDENTITY = 139
const SHIM6 = 140

/** RFC 8200. */
function dissectIpv6(bytes: Uint8Array, network: number, end: number): Dissection {
  if (end - network < 40) return malformed('IPv6 header cut short')
  if (bytes[network]! >> 4 !== 6) return malformed('IP version')
  const protocol = bytes[network + 6]!
  let length = uint16(bytes, network + 4)
  // Jumbograms and segmentation offload leave 0: then the frame says where the packet ends.
  if (length === 0 && (protocol === HOP_BY_HOP || protocol === TCP)) length = end - network - 40
  const header: IpHeader = {
    family: 6,
    network,
    protocol,
    source: network + 8,
    destination: network + 24,
    end: Math.min(end, network + 40 + length),
    truncated: network + 40 + length > end,
  }
  return skipExtensions(bytes, header)
}

/** Extension headers start with the next header's type and their own length. */
function skipExtensions(bytes: Uint8Array, header: IpHeader): Dissection {
  let offset = header.network + 40
  let type = header.protocol
  for (;;) {
    const size = extensionSize(bytes, type, offset, header.end)
    if (size === 0) return dissectTransport(bytes, { ...header, protocol: type }, offset, false)
    if (header.end - offset < size) return malformed('IPv6 extension header cut short')
    const later = type === FRAGMENT && uint16(bytes, offset + 2) >> 3 !== 0
    type = bytes[offset]!
    offset += size
    if (later) return dissectTransport(bytes, { ...header, protocol: type }, offset, true)
  }
}

/** Bytes of the extension header at an offset, at least what its length field needs; 0 if it isn't one. */
function extensionSize(bytes: Uint8Array, type: number, offset: number, end: number): number {
  switch (type) {
    case HOP_BY_HOP:
    case ROUTING:
    case DESTINATION_OPTIONS:
    case MOBILITY:
    case HOST_IDENTITY:
    case SHIM6:
      return end - offset < 8 ? 8 : (bytes[offset + 1]! + 1) * 8
    case AUTHENTICATION:
      return end - offset < 8 ? 8 : (bytes[offset + 1]! + 2) * 4
    case FRAGMENT:
      return 8
    default:
      return 0
  }
}
