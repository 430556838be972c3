/**
 * Reader for classic pcap captures, the first stage of `filter`: a buffer becomes a format and a sequence of
 * packet records, which are offsets into that buffer; no packet is copied.
 * Format: https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/
 *
 *     file:   magic(4) version(2+2) reserved(4+4) snap length(4) link type(4)   packet…
 *     packet: seconds(4) fraction(4) captured length(4) original length(4)      bytes…
 */

import { isSupportedLinkType, linkTypeName } from './link-type.ts'
import { PacketError } from './packet-error.ts'

export const FILE_HEADER_BYTES = 24
export const RECORD_HEADER_BYTES = 16

/** Byte order, time unit and link type that a capture's header declares. */
export interface PcapFormat {
  readonly littleEndian: boolean
  /** Fractions of a second are nanoseconds, otherwise microseconds. */
  readonly nanoseconds: boolean
  /** A LINKTYPE_ number, without the frame check sequence bits. */
  readonly linkType: number
  /** Most bytes kept of a packet. */
  readonly snapLength: number
}

/** One packet record. Offsets are in the capture's buffer. */
export interface PcapRecord {
  /** Of the record's own header. */
  readonly offset: number
  /** First byte of the packet, at the link layer. */
  readonly start: number
  /** One past the last captured byte. */
  readonly end: number
  /** Bytes that the packet had on the wire. */
  readonly originalLength: number
  readonly seconds: number
  /** Microseconds or nanoseconds, as the format says. */
  readonly fraction: number
}

/** A capture whose header is sound. */
export interface Pcap {
  /** As shown in messages. */
  readonly name: string
  readonly bytes: Uint8Array
  readonly format: PcapFormat
  /**
   * The records in file order. A record that is cut short ends the sequence with a PacketError (K024), after
   * all records before it.
   */
  records(): Generator<PcapRecord, void, undefined>
}

const CONVERT = 'convert it with `editcap -F pcap IN OUT.pcap` or `tcpdump -r IN -w OUT.pcap`'

/** Magic numbers of other formats, as read in big-endian order, with what to say about them. */
const OTHER_FORMATS: readonly (readonly [magic: number, mask: number, format: string, hint: string])[] = [
  [0x0a0d0d0a, 0xffffffff, 'a pcapng file', CONVERT],
  [0xa1b2cd34, 0xffffffff, 'a modified pcap file (Kuznetzov)', CONVERT],
  [0x34cdb2a1, 0xffffffff, 'a modified pcap file (Kuznetzov)', CONVERT],
  [0x736e6f6f, 0xffffffff, 'a snoop file', CONVERT],
  [0x1f8b0000, 0xffff0000, 'compressed with gzip', 'unpack it first: `gunzip FILE`'],
  [0x28b52ffd, 0xffffffff, 'compressed with zstd', 'unpack it first: `unzstd FILE`'],
]

/**
 * Reads a capture's header.
 * @param bytes the whole file; kept, not copied
 * @param name for messages
 * @throws PacketError when it is empty (K003), cut short (K020), pcapng (K021), something else (K022), or of a
 *   link type that isn't understood (K023)
 */
export function parsePcap(bytes: Uint8Array, name: string): Pcap {
  if (bytes.length === 0) {
    throw new PacketError(
      'K003',
      `Cannot read ${name}: the file is empty`,
      'record it again, e.g. with tcpdump -w',
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const order = magicOf(view, name)
  if (bytes.length < FILE_HEADER_BYTES) throw headerCutShort(bytes.length, name)
  const linkType = view.getUint32(20, order.littleEndian) & 0x03ffffff
  if (!isSupportedLinkType(linkType)) {
    throw new PacketError(
      'K023',
      `Cannot read ${name}: its link type is ${linkType} (${linkTypeName(linkType)})`,
      'record on an Ethernet, loopback or tunnel interface, or on any: `tcpdump -i any -w OUT.pcap`',
      20,
    )
  }
  const format = { ...order, linkType, snapLength: view.getUint32(16, order.littleEndian) }
  // A plain Uint8Array: views of a Buffer are Buffers, and take several times as long to make.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { name, bytes: plain, format, records: () => readRecords(view, format.littleEndian, name) }
}

/** Refuses what begins as no capture does, before the rest of it is there. @throws PacketError as parsePcap */
export function checkStart(bytes: Uint8Array, name: string): void {
  if (bytes.length >= 4) magicOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), name)
}

function magicOf(view: DataView, name: string): { littleEndian: boolean; nanoseconds: boolean } {
  if (view.byteLength >= 4) {
    switch (view.getUint32(0)) {
      case 0xa1b2c3d4:
        return { littleEndian: false, nanoseconds: false }
      case 0xa1b23c4d:
        return { littleEndian: false, nanoseconds: true }
      case 0xd4c3b2a1:
        return { littleEndian: true, nanoseconds: false }
      case 0x4d3cb2a1:
        return { littleEndian: true, nanoseconds: true }
    }
  }
  throw notPcap(view, name)
}

function notPcap(view: DataView, name: string): PacketError {
  if (view.byteLength < 4) return headerCutShort(view.byteLength, name)
  const magic = view.getUint32(0)
  for (const [other, mask, format, hint] of OTHER_FORMATS) {
    if ((magic & mask) >>> 0 !== other) continue
    return new PacketError(
      other === 0x0a0d0d0a ? 'K021' : 'K022',
      `Cannot read ${name}: it is ${format}`,
      hint,
      0,
    )
  }
  const digits = magic.toString(16).padStart(8, '0')
  return new PacketError(
    'K022',
    `Cannot read ${name}: it is not a pcap file (it starts with 0x${digits})`,
    'give a capture as `tcpdump -w` writes it',
    0,
  )
}

function headerCutShort(length: number, name: string): PacketError {
  return new PacketError(
    'K020',
    `Cannot read ${name}: it ends within the file header, after ${length} of ${FILE_HEADER_BYTES} bytes`,
    'the file is damaged: copy or record it again',
    length,
  )
}

function* readRecords(
  view: DataView,
  littleEndian: boolean,
  name: string,
): Generator<PcapRecord, void, undefined> {
  const size = view.byteLength
  let offset = FILE_HEADER_BYTES
  for (let number = 1; offset < size; number++) {
    const start = offset + RECORD_HEADER_BYTES
    const captured = start <= size ? view.getUint32(offset + 8, littleEndian) : 0
    const end = start + captured
    if (end > size) throw recordCutShort(name, number, offset, end - size)
    yield {
      offset,
      start,
      end,
      originalLength: view.getUint32(offset + 12, littleEndian),
      seconds: view.getUint32(offset, littleEndian),
      fraction: view.getUint32(offset + 4, littleEndian),
    }
    offset = end
  }
}

function recordCutShort(name: string, number: number, offset: number, missing: number): PacketError {
  return new PacketError(
    'K024',
    `Cannot read all of ${name}: packet ${number}, at byte ${offset}, lacks ${missing} bytes`,
    'the packets before it were processed; the capture is damaged, or was still being written',
    offset,
  )
}
