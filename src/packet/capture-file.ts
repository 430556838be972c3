/**
 * Captures as files: the first and the last step of `filter`. Reading takes the whole file into one buffer,
 * which the packets then share; writing puts chosen records of a capture into a new one.
 */

import { ReadError, readBounded } from '../host/read-file.ts'
import { writeFile } from '../host/write-file.ts'
import { PacketError } from './packet-error.ts'
import { checkStart, FILE_HEADER_BYTES, type Pcap, type PcapRecord, parsePcap } from './pcap.ts'

/** What readFileSync takes on every version of Node. */
const MOST_BYTES = 2 ** 31 - 1

/**
 * Reads a capture; `-` is standard input.
 * @throws PacketError when the path can't be read (K001), is a directory (K002), or holds 2 GiB and more (K004),
 *   and as parsePcap does
 */
export function readCapture(path: string): Pcap {
  const name = path === '-' ? 'standard input' : path
  let bytes: Buffer
  try {
    bytes = readBounded(path, { most: MOST_BYTES, first: (start) => checkStart(start, name) })
  } catch (error) {
    throw error instanceof ReadError ? unreadable(name, error) : error
  }
  return parsePcap(bytes, name)
}

function unreadable(name: string, error: ReadError): PacketError {
  if (error.kind === 'directory')
    return new PacketError('K002', `Cannot read ${name}: it is a directory`, 'name one capture file in it')
  if (error.kind === 'large')
    return new PacketError(
      'K004',
      `Cannot read ${name}: it has 2 GiB or more`,
      'split it: `editcap -F pcap -c 1000000 IN OUT.pcap`',
    )
  return new PacketError('K001', `Cannot read ${name}: ${error.message}`, error.hint)
}

/** Gathers records of a capture for a new capture in the same format; keeps offsets only. */
export class PcapWriter {
  private readonly capture: Pcap
  /** Runs of adjacent records by start and end, and records of their own. */
  private readonly runs: ([start: number, end: number] | Uint8Array)[] = []

  constructor(capture: Pcap) {
    this.capture = capture
  }

  /** Adds a record of the capture; records are written in the order in which they were added. */
  add(record: PcapRecord): void {
    const last = this.runs[this.runs.length - 1]
    if (Array.isArray(last) && last[1] === record.offset) last[1] = record.end
    else this.runs.push([record.offset, record.end])
  }

  /** Adds a record whose packet has other bytes from the offset `at` of the capture on. */
  addChanged(record: PcapRecord, { bytes, at }: { readonly bytes: Uint8Array; readonly at: number }): void {
    const before = this.capture.bytes.subarray(record.offset, at)
    const copy = new Uint8Array(before.length + bytes.length)
    copy.set(before)
    copy.set(bytes, before.length)
    const { littleEndian } = this.capture.format
    const length = at - record.start + bytes.length
    const view = new DataView(copy.buffer)
    view.setUint32(8, length, littleEndian)
    view.setUint32(12, record.originalLength + length - (record.end - record.start), littleEndian)
    this.runs.push(copy)
  }

  /** The new capture's bytes: its file header, then each run, as views of the first capture. */
  parts(): Uint8Array[] {
    const { bytes } = this.capture
    return [
      bytes.subarray(0, FILE_HEADER_BYTES),
      ...this.runs.map((run) => (Array.isArray(run) ? bytes.subarray(run[0], run[1]) : run)),
    ]
  }

  /**
   * Writes the new capture, replacing what is there; the capture read may itself be replaced.
   * @throws PacketError when the path can't be written (K005)
   */
  save(path: string): void {
    const failure = writeFile(path, this.parts())
    if (failure === undefined) return
    throw new PacketError('K005', `Cannot write ${path}: ${failure.reason}`, failure.remedy)
  }
}
