/**
 * A state's linear memory as the driver sees it: globals, the current stack, strings.
 * Works on any view of the memory, be it WebAssembly's or a mapped arena's.
 */
import { G, OBJECT } from '../isa/layout.ts'

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
  | { [key: string]: LuaValue }
  | LuaReference

/** A table that is no sequence: keys as they are. In JSON it takes its plain form. */
export type LuaTable = Map<LuaValue, LuaValue>

/** A value without a JavaScript counterpart: a coroutine, a data block; a function is a LuaFunction. */
export class LuaReference {
  readonly type: string
  constructor(type: string) {
    this.type = type
  }
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

  long(address: number): bigint {
    return this.#long[address >>> 3] as bigint
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
}
