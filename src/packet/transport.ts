/**
 * Transport headers, the last part of dissecting a packet: ports, and where the payload starts and ends.
 */

import { type Dissection, type IpHeader, malformed } from './ip-packet.ts'
import { uint16 } from './network-order.ts'
import { hasPorts, ICMP, ICMPV6, SCTP, TCP, UDP, UDP_LITE } from './protocol.ts'

/**
 * Completes a dissection.
 * @param offset first byte after the IP header and its extensions, at most header.end
 * @param laterFragment a fragment other than the first: it holds no transport header
 */
export function dissectTransport(
  bytes: Uint8Array,
  header: IpHeader,
  offset: number,
  laterFragment: boolean,
): Dissection {
  if (laterFragment) return packet(header, undefined, undefined, offset, header.end, true)
  const available = header.end - offset
  const size = headerSize(bytes, header.protocol, offset, available)
  if (typeof size === 'string') return malformed(size)
  const payload = offset + size
  if (!hasPorts(header.protocol)) return packet(header, undefined, undefined, payload, header.end, false)
  const sourcePort = uint16(bytes, offset)
  const destinationPort = uint16(bytes, offset + 2)
  let end = header.end
  if (header.protocol === UDP) {
    // 0 in jumbograms (RFC 2675). Fragmented datagrams end later than the packet.
    const length = uint16(bytes, offset + 4) || available
    if (length < 8) return malformed('UDP length')
    end = Math.min(end, offset + length)
  }
  return packet(header, sourcePort, destinationPort, payload, end, false)
}

/** Bytes of the transport header, or what is wrong with it. */
function headerSize(bytes: Uint8Array, protocol: number, offset: number, available: number): number | string {
  switch (protocol) {
    case TCP: {
      if (available < 20) return 'TCP header cut short'
      const size = (bytes[offset + 12]! >> 4) * 4
      if (size < 20) return 'TCP header length'
      return size > available ? 'TCP header cut short' : size
    }
    case UDP:
    case UDP_LITE:
      return available < 8 ? 'UDP header cut short' : 8
    case ICMP:
    case ICMPV6:
      return available < 8 ? 'ICMP header cut short' : 8
    case SCTP:
      return available < 12 ? 'SCTP header cut short' : 12
    default:
      return 0
  }
}

function packet(
  header: IpHeader,
  sourcePort: number | undefined,
  destinationPort: number | undefined,
  payload: number,
  end: number,
  laterFragment: boolean,
): Dissection {
  const { family, network, protocol, source, destination, truncated } = header
  return {
    kind: 'ip',
    family,
    network,
    protocol,
    source,
    destination,
    sourcePort,
    destinationPort,
    payload,
    end,
    truncated,
    laterFragment,
  }
}
