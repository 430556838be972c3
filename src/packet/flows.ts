/**
 * The flow table: packets of one conversation, in both directions, gathered under one entry with its counts.
 * Only for display; verdicts are the script's.
 */

import { formatAddress } from './address.ts'
import type { IpPacket } from './ip-packet.ts'
import { uint16 } from './network-order.ts'
import { parseSshSoftware } from './ssh-software.ts'

/** One side of a flow. */
export interface Side {
  readonly address: string
  /** Undefined where the protocol has none, and for fragments but the first, which form flows of their own. */
  readonly port: number | undefined
  /** As announced in this side's first payloads. */
  software: string | undefined
}

export interface Flow {
  /** IP protocol number. */
  readonly protocol: number
  /** The sender of the flow's first captured packet, and the other. */
  readonly source: Side
  readonly destination: Side
  packets: number
  /** On the wire, link layer included. */
  bytes: number
  accepted: number
  dropped: number
  /** Calls of the script that failed; the default verdict was taken. */
  errors: number
  /** Packets that the match options kept from the script. */
  unmatched: number
}

/** A server may send other lines before its announcement (RFC 4253, 4.2), a capture may start in a session. */
const PAYLOADS_READ = 4

interface Entry {
  readonly flow: Flow
  /** Payloads of each side still to be looked at for an announcement. */
  unreadOfSource: number
  unreadOfDestination: number
}

export class FlowTable {
  private readonly flows: Flow[] = []
  /** By direction: a flow is under two keys. */
  private readonly forward = new Map<string, Entry>()
  private readonly backward = new Map<string, Entry>()

  /** In order of their first packets. */
  get all(): readonly Flow[] {
    return this.flows
  }

  /**
   * The packet's flow, new or known, with the packet counted and read for an SSH announcement.
   * @param wireBytes its length on the wire
   */
  observe(bytes: Uint8Array, packet: IpPacket, wireBytes: number): Flow {
    const key = flowKey(bytes, packet, false)
    const returning = this.backward.get(key)
    const entry = this.forward.get(key) ?? returning ?? this.enter(key, bytes, packet)
    const { flow } = entry
    flow.packets++
    flow.bytes += wireBytes
    if (packet.payload < packet.end) readAnnouncement(entry, entry !== returning, bytes, packet)
    return flow
  }

  private enter(key: string, bytes: Uint8Array, packet: IpPacket): Entry {
    const flow = newFlow(bytes, packet)
    const entry = { flow, unreadOfSource: PAYLOADS_READ, unreadOfDestination: PAYLOADS_READ }
    this.flows.push(flow)
    this.forward.set(key, entry)
    const back = flowKey(bytes, packet, true)
    // From an endpoint to itself both directions look alike.
    if (back !== key) this.backward.set(back, entry)
    return entry
  }
}

function readAnnouncement(entry: Entry, fromSource: boolean, bytes: Uint8Array, packet: IpPacket): void {
  const side = fromSource ? entry.flow.source : entry.flow.destination
  const unread = fromSource ? entry.unreadOfSource : entry.unreadOfDestination
  if (unread === 0 || side.software !== undefined) return
  side.software = parseSshSoftware(bytes, packet.payload, packet.end)
  if (fromSource) entry.unreadOfSource--
  else entry.unreadOfDestination--
}

/**
 * Protocol, ports and addresses as a string of 16-bit units, whose length tells the families apart.
 * @param reversed as a packet of the other direction would have it
 */
function flowKey(bytes: Uint8Array, packet: IpPacket, reversed: boolean): string {
  const { family, sourcePort, destinationPort } = packet
  const protocol = packet.protocol | (sourcePort === undefined ? 0x100 : 0)
  const from = (reversed ? destinationPort : sourcePort) ?? 0
  const to = (reversed ? sourcePort : destinationPort) ?? 0
  const s = reversed ? packet.destination : packet.source
  const d = reversed ? packet.source : packet.destination
  const ends = String.fromCharCode(protocol, from, to)
  if (family === 4) return ends + units(bytes, s, 2) + units(bytes, d, 2)
  return ends + units(bytes, s, 8) + units(bytes, d, 8)
}

function units(bytes: Uint8Array, offset: number, count: 2 | 8): string {
  const at = (index: number) => uint16(bytes, offset + index * 2)
  if (count === 2) return String.fromCharCode(at(0), at(1))
  return String.fromCharCode(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7))
}

function newFlow(bytes: Uint8Array, packet: IpPacket): Flow {
  const side = (offset: number, port: number | undefined): Side => ({
    address: formatAddress(bytes, offset, packet.family),
    port,
    software: undefined,
  })
  return {
    protocol: packet.protocol,
    source: side(packet.source, packet.sourcePort),
    destination: side(packet.destination, packet.destinationPort),
    packets: 0,
    bytes: 0,
    accepted: 0,
    dropped: 0,
    errors: 0,
    unmatched: 0,
  }
}
