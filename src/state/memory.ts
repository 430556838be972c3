/**
 * A state's linear memory as the driver sees it: globals, the current stack, and values decoded from
 * where they lie. Works on any view of the memory, be it WebAssembly's or a mapped arena's.
 */
import { G, OBJECT, TAG } from '../isa/layout.ts'

/** A value of a script as JavaScript sees it. */
export type LuaValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | LuaValue[]
  | LuaTable
  | LuaReference

/** A table that is no sequence: keys as they are. */
export type LuaTable = Map<LuaValue, LuaValue>

/** A value without a JavaScript counterpart: a function, a coroutine, a data block. */
export class LuaReference {
  readonly type: string
  constructor(type: string) {
    this.type = type
  }
}

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [TAG.BUILTIN]: 'function',
  [TAG.HOST]: 'function',
  [TAG.CLOSURE]: 'function',
  [TAG.NATIVE]: 'function',
  [TAG.THREAD]: 'thread',
  [TAG.BLOCK]: 'data',
  [TAG.LIGHT]: 'userdata',
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export class StateMemory {
  readonly bytes: Uint8Array
  readonly words: Int32Array
  readonly #long: BigInt64Array

  constructor(buffer: ArrayBuffer) {
    this.bytes = new Uint8Array(buffer)
    this.words = new Int32Array(buffer)
    this.#long = new BigInt64Array(buffer)
  }

  /** The 32-bit word at a byte address. */
  word(address: number): number {
    return this.words[address >>> 2] as number
  }

  setWord(address: number, value: number): void {
    this.words[address >>> 2] = value
  }

  /** Writes a 64-bit count. */
  setCount(address: number, value: number): void {
    this.setWord(address, value | 0)
    this.setWord(address + 4, Math.floor(value / 2 ** 32))
  }

  count(address: number): number {
    return Number(this.#long[address >>> 3])
  }

  setLong(address: number, value: bigint): void {
    this.#long[address >>> 3] = value
  }

  /** First slot of the main coroutine's stack that calls use. */
  bottom(): number {
    return this.word(this.word(G.MAIN) + OBJECT.THREAD.STACK) + 24
  }

  /** Bytes of a string object; a view, valid until the VM runs again. */
  stringBytes(object: number): Uint8Array {
    const at = object + OBJECT.STRING.DATA
    return this.bytes.subarray(at, at + this.word(object + OBJECT.STRING.LENGTH))
  }

  /** A string object as text if it is UTF-8, else as a copy of its bytes. */
  string(object: number): string | Uint8Array {
    const bytes = this.stringBytes(object)
    if (bytes.length < 24) {
      // short ASCII is the usual case, and faster than a decoder
      let text = ''
      for (const byte of bytes) {
        if (byte > 127) {
          text = ''
          break
        }
        text += String.fromCharCode(byte)
      }
      if (text !== '' || bytes.length === 0) return text
    }
    try {
      return utf8.decode(bytes)
    } catch {
      return bytes.slice()
    }
  }

  /** The value at an address; tables are copied, shared ones once. */
  value(address: number, seen?: Map<number, LuaValue>): LuaValue {
    const tag = this.word(address + 4)
    const payload = this.word(address)
    if (tag > TAG.MAX) return this.#integer(address)
    switch (tag) {
      case TAG.NIL:
      case TAG.EMPTY:
        return null
      case TAG.FALSE:
        return false
      case TAG.TRUE:
        return true
      case TAG.BIGINT:
        return this.#integer(payload + OBJECT.BIGINT.VALUE)
      case TAG.STRING:
      case TAG.LONGSTRING:
        return this.string(payload)
      case TAG.TABLE:
        return this.#table(payload, seen ?? new Map())
      default:
        return new LuaReference(TYPE_NAMES[tag] ?? 'unknown')
    }
  }

  #integer(address: number): number | bigint {
    const high = this.word(address + 4)
    if (high >= -0x200000 && high < 0x200000) return high * 2 ** 32 + (this.word(address) >>> 0)
    return this.#long[address >>> 3] as bigint
  }

  #table(t: number, seen: Map<number, LuaValue>): LuaValue {
    const known = seen.get(t)
    if (known !== undefined) return known
    const array: LuaValue[] = []
    const map: LuaTable = new Map()
    const slots = this.word(t + OBJECT.TABLE.ARRAY)
    const size = this.word(t + OBJECT.TABLE.ARRAY_SIZE)
    const nodes = this.#nodes(t)
    let n = 0
    while (n < size && this.word(slots + n * 8 + 4) !== TAG.NIL) n++
    const isSequence = nodes.length === 0 && this.#isNilFrom(slots, n, size)
    seen.set(t, isSequence ? array : map)
    for (let i = 0; i < size; i++) {
      if (this.word(slots + i * 8 + 4) === TAG.NIL) continue
      const value = this.value(slots + i * 8, seen)
      if (isSequence) array.push(value)
      else map.set(i + 1, value)
    }
    for (const node of nodes) map.set(this.value(node + OBJECT.NODE.KEY, seen), this.value(node, seen))
    return isSequence ? array : map
  }

  #isNilFrom(slots: number, from: number, size: number): boolean {
    for (let i = from; i < size; i++) if (this.word(slots + i * 8 + 4) !== TAG.NIL) return false
    return true
  }

  /** Addresses of the nodes in use. */
  #nodes(t: number): number[] {
    const found: number[] = []
    const first = this.word(t + OBJECT.TABLE.NODES)
    const count = this.word(t + OBJECT.TABLE.NODE_MASK) + 1
    for (let i = 0; i < count; i++) {
      const node = first + i * OBJECT.NODE.BYTES
      if (this.word(node + OBJECT.NODE.VALUE + 4) !== TAG.NIL) found.push(node)
    }
    return found
  }
}
