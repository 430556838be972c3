/**
 * The stacks of the interpreter's frames. Each slot of 8 bytes knows which of its bytes were written, or that it
 * holds a spilled pointer, which only a load of the whole slot gives back.
 *
 * Frames lie apart in one area, so that an address belongs to one frame at the most:
 *
 *     frame n:   n * 1024 + 256  ≤  address  <  n * 1024 + 768, where r10 points to the end
 */
import { Fault, KIND, type Kind, MAX_FRAMES } from './machine.ts'

const DISTANCE = 1024
const START = 256
const END = 768

/** Bytes of stack that each frame has. */
export const STACK_SIZE = END - START

/** The value of r10 in a frame. */
export function framePointer(frame: number): number {
  return frame * DISTANCE + END
}

export class Stack {
  readonly #bytes = new DataView(new ArrayBuffer(MAX_FRAMES * DISTANCE))
  /** For each slot: the kind of a spilled pointer, or SCALAR. */
  readonly #kinds = new Uint8Array((MAX_FRAMES * DISTANCE) / 8)
  /** For each slot: a bit for each byte that was written. */
  readonly #written = new Uint8Array((MAX_FRAMES * DISTANCE) / 8)

  /** Forgets what a former function left in a frame. */
  clear(frame: number): void {
    const first = (frame * DISTANCE + START) / 8
    this.#kinds.fill(KIND.SCALAR, first, first + STACK_SIZE / 8)
    this.#written.fill(0, first, first + STACK_SIZE / 8)
  }

  /** Faults unless the bytes are in one live frame and aligned. Returns the bits of a slot that they fill. */
  #check(address: number, bytes: number, depth: number): number {
    const inFrame = address & (DISTANCE - 1)
    const offset = inFrame - END
    if (address < 0 || address >= (depth + 1) * DISTANCE || inFrame < START || inFrame + bytes > END) {
      throw new Fault(`${bytes} bytes at ${offset} from r10 are outside of the stack of ${STACK_SIZE} bytes`)
    }
    if (address % bytes !== 0) throw new Fault(`${bytes} bytes at ${offset} from r10 are not aligned`)
    return ((1 << bytes) - 1) << (address & 7)
  }

  /** Writes up to 8 bytes. Pointers need a whole slot. */
  store(address: number, bytes: number, depth: number, kind: Kind, low: number, high: number): void {
    const bits = this.#check(address, bytes, depth)
    const slot = address >> 3
    if (bytes !== 8 && kind !== KIND.SCALAR)
      throw new Fault('an address can be spilled only to a slot of 8 bytes')
    this.#kinds[slot] = kind
    this.#written[slot] = this.#written[slot]! | bits
    if (bytes === 1) this.#bytes.setInt8(address, low)
    else if (bytes === 2) this.#bytes.setInt16(address, low, true)
    else this.#bytes.setInt32(address, low, true)
    if (bytes === 8) this.#bytes.setInt32(address + 4, high, true)
  }

  /** Reads up to 8 bytes, extended with zeros, into two words; returns the kind of the value. */
  load(address: number, bytes: number, depth: number, words: Int32Array, at: number): Kind {
    const bits = this.#check(address, bytes, depth)
    const slot = address >> 3
    const kind = this.#kinds[slot]! as Kind
    if (bytes !== 8 && kind !== KIND.SCALAR)
      throw new Fault('a spilled address can be filled only from its 8 bytes')
    if ((this.#written[slot]! & bits) !== bits) {
      throw new Fault(`${bytes} bytes at ${(address & (DISTANCE - 1)) - END} from r10 were never written`)
    }
    words[at + 1] = bytes === 8 ? this.#bytes.getInt32(address + 4, true) : 0
    if (bytes === 1) words[at] = this.#bytes.getUint8(address)
    else if (bytes === 2) words[at] = this.#bytes.getUint16(address, true)
    else words[at] = this.#bytes.getInt32(address, true)
    return kind
  }
}
