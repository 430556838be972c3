/** Builds packets and captures byte by byte: for tests, and for the fuzzer. */

import { parseAddress } from '../../src/packet/address.ts'
import { type Pcap, type PcapFormat, parsePcap } from '../../src/packet/pcap.ts'

type Part = string | readonly number[] | Uint8Array

/** Joins parts; text is taken as Latin-1. */
export function bytesOf(...parts: readonly Part[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : [...part])),
  )
}

export function be16(value: number): number[] {
  return [(value >> 8) & 255, value & 255]
}

function address(text: string): Uint8Array {
  return parseAddress(text)!
}

export function tcp(
  sourcePort: number,
  destinationPort: number,
  payload: Part = '',
  options: Part = [],
): Uint8Array {
  const words = 5 + bytesOf(options).length / 4
  const fixed = [
    ...be16(sourcePort),
    ...be16(destinationPort),
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    2,
    words << 4,
    0x18,
    1,
    0,
    0,
    0,
    0,
    0,
  ]
  return bytesOf(fixed, options, payload)
}

export function udp(
  sourcePort: number,
  destinationPort: number,
  payload: Part = '',
  length?: number,
): Uint8Array {
  const size = length ?? bytesOf(payload).length + 8
  return bytesOf(be16(sourcePort), be16(destinationPort), be16(size), [0, 0], payload)
}

export interface Ipv4Fields {
  readonly protocol?: number
  readonly source?: string
  readonly destination?: string
  readonly options?: readonly number[]
  /** In units of 8 bytes. */
  readonly fragmentOffset?: number
  readonly totalLength?: number
}

export function ipv4(content: Uint8Array, fields: Ipv4Fields = {}): Uint8Array {
  const options = fields.options ?? []
  const headerLength = 20 + options.length
  return bytesOf(
    [0x40 | (headerLength / 4), 0, ...be16(fields.totalLength ?? headerLength + content.length), 0, 7],
    be16(fields.fragmentOffset ?? 0),
    [64, fields.protocol ?? 6, 0, 0],
    address(fields.source ?? '10.0.0.1'),
    address(fields.destination ?? '10.0.0.2'),
    options,
    content,
  )
}

export interface Ipv6Fields {
  readonly next?: number
  readonly source?: string
  readonly destination?: string
  readonly payloadLength?: number
}

export function ipv6(content: Uint8Array, fields: Ipv6Fields = {}): Uint8Array {
  return bytesOf(
    [0x60, 0, 0, 0, ...be16(fields.payloadLength ?? content.length), fields.next ?? 6, 64],
    address(fields.source ?? 'fd00::1'),
    address(fields.destination ?? 'fd00::2'),
    content,
  )
}

const MACS = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]

/** The EtherType is that of the IP version, unless given. */
export function ethernet(content: Uint8Array, etherType?: number): Uint8Array {
  return bytesOf(MACS, be16(etherType ?? (content[0]! >> 4 === 6 ? 0x86dd : 0x0800)), content)
}

export interface CaptureFields extends Partial<PcapFormat> {
  /** Length on the wire of every packet; what was captured, unless given. */
  readonly originalLength?: number
}

/** A capture file; microseconds, little-endian and Ethernet unless given. */
export function pcapBytes(packets: readonly Uint8Array[], fields: CaptureFields = {}): Uint8Array {
  const { littleEndian = true, nanoseconds = false, linkType = 1, snapLength = 262144 } = fields
  const total = packets.reduce((sum, packet) => sum + 16 + packet.length, 24)
  const bytes = new Uint8Array(total)
  const view = new DataView(bytes.buffer)
  const put = (offset: number, ...words: number[]) => {
    for (const [index, word] of words.entries()) view.setUint32(offset + index * 4, word, littleEndian)
  }
  put(0, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4)
  view.setUint16(4, 2, littleEndian)
  view.setUint16(6, 4, littleEndian)
  put(16, snapLength, linkType)
  let offset = 24
  for (const [index, packet] of packets.entries()) {
    put(offset, 1700000000, index, packet.length, fields.originalLength ?? packet.length)
    bytes.set(packet, offset + 16)
    offset += 16 + packet.length
  }
  return bytes
}

export function capture(packets: readonly Uint8Array[], fields: CaptureFields = {}): Pcap {
  return parsePcap(pcapBytes(packets, fields), 'sample.pcap')
}
