/**
 * Writes values of JavaScript, and chunks, into a state: onto its stack and into its heap. What Lua has no value for is
 * refused with its place, such as `argument 2: .items[3].when is a Date`. Reading a value may call code of the host
 * (getters, proxies): whatever that throws is an error of the value.
 */
import { isUint8Array } from 'node:util/types'
import { COMMAND, G, LIMITS, TAG } from '../isa/layout.ts'
import type { Argument, HostFunction } from './argument.ts'
import { messageOf, outOfMemory, StateError } from './errors.ts'
import type { HostFunctions } from './host-functions.ts'
import type { Builder } from './image.ts'
import type { LuaFunctions } from './lua-function.ts'
import { Refusal, type TableSource, tableSource } from './table-source.ts'

/** A table that has been made and is to be filled, and where it lies in the value. */
interface Pending {
  readonly source: TableSource
  readonly table: number
  readonly parent: Pending | undefined
  /** Under which key of the parent; of an array the index. */
  readonly key: unknown
}

/** A value on its way into the state. */
interface Transfer {
  /** Tables by the objects that they are made of, so that what is shared stays shared. */
  readonly known: Map<object, number>
  readonly pending: Pending[]
}

/** Bounds of 64-bit integers; the upper one is the first that is none. */
const LEAST = -(2 ** 63)
const BEYOND = 2 ** 63

/** Steps of a path that are shown. */
const MOST_STEPS = 16

/** What a value is called in errors, by its number among those that are passed with it, from 1 on. */
export type Naming = (number: number) => string

const ARGUMENT: Naming = (number) => `argument ${number}`
export const VALUE: Naming = () => 'the value'

export class ValueWriter {
  readonly builder: Builder
  readonly #hosts: HostFunctions
  readonly #functions: LuaFunctions

  constructor(builder: Builder, hosts: HostFunctions, functions: LuaFunctions) {
    this.builder = builder
    this.#hosts = hosts
    this.#functions = functions
  }

  /** @throws OutOfMemory if something was not fine */
  require(fine: boolean): void {
    if (!fine) throw outOfMemory()
  }

  /** Pushes what a binding has returned. @throws as `push` */
  pushResult(value: Argument, name: string): void {
    if (typeof value === 'number' && (value | 0) === value) this.builder.pushWord(value >> 31, value)
    else this.push(value, () => `the result of ${name}`)
  }

  /**
   * Pushes a value.
   * @throws OutOfMemory, StateError `BAD_VALUE`; the stack then holds a part of the value
   */
  push(value: Argument, naming: Naming, number = 1): void {
    let parent: Pending | undefined
    let key: unknown
    try {
      if (typeof value !== 'object' || value === null) {
        this.#pushPlain(value)
        return
      }
      const transfer: Transfer = { known: new Map(), pending: [] }
      this.#pushAny(value, transfer, undefined, undefined)
      // tables are filled after they have been made: so neither cycles nor depth matter
      for (let i = 0; i < transfer.pending.length; i++) {
        parent = transfer.pending[i] as Pending
        const { table, source } = parent
        this.builder.pushWord(TAG.TABLE, table)
        for (let n = 0; n < source.values.length; n++) {
          key = source.keys === undefined ? n : source.keys[n]
          this.#setField(transfer, parent, key, source.values[n])
        }
        key = undefined
        this.builder.pop(1)
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      throw refused(error, naming(number), pathOf(parent, key))
    }
  }

  /** Sets a field of the table on top. */
  #setField(transfer: Transfer, parent: Pending, key: unknown, value: unknown): void {
    if (value === null || value === undefined) return
    if (parent.source.keys === undefined) this.builder.pushWord(0, (key as number) + 1)
    else if (key === null || key === undefined) throw new Refusal(`is a value under the key ${String(key)}`)
    else this.#pushAny(key, transfer, parent, key)
    this.#pushAny(value, transfer, parent, key)
    this.require(this.builder.make(COMMAND.SET, 0, 0) !== 0)
  }

  #pushAny(value: unknown, transfer: Transfer, parent: Pending | undefined, key: unknown): void {
    if (typeof value !== 'object' || value === null) this.#pushPlain(value)
    else if (isUint8Array(value)) this.require(this.builder.pushBytes(attached(value)))
    else {
      const table = transfer.known.get(value)
      if (table === undefined) this.#pushNew(value, transfer, parent, key)
      else this.builder.pushWord(TAG.TABLE, table)
    }
  }

  /** Pushes a function of the state, or an empty table, which is to be filled. */
  #pushNew(value: object, { known, pending }: Transfer, parent: Pending | undefined, key: unknown): void {
    const b = this.builder
    const word = this.#functions.wordOf(value)
    if (typeof word === 'string') throw new Refusal(word)
    if (word !== undefined) {
      b.pushWord(word.tag, word.payload)
      return
    }
    const source = tableSource(value, b.memory.word(G.LIMIT) / 8)
    const { length } = source.values
    const isList = source.keys === undefined
    this.require(b.make(COMMAND.TABLE, isList ? length : 0, isList ? 0 : length) !== 0)
    known.set(value, b.topObject())
    pending.push({ source, table: b.topObject(), parent, key })
  }

  /** @throws Refusal */
  #pushPlain(value: unknown): void {
    const b = this.builder
    if (typeof value === 'number') this.#pushNumber(value)
    else if (typeof value === 'string') this.#pushText(value)
    else if (value === null || value === undefined) b.pushWord(TAG.NIL, 0)
    else if (typeof value === 'boolean') b.pushWord(value ? TAG.TRUE : TAG.FALSE, 0)
    else if (typeof value === 'bigint') this.#pushLong(value)
    else if (typeof value === 'function') b.pushWord(TAG.HOST, this.#hosts.numberOf(value as HostFunction))
    else throw new Refusal(`is a ${typeof value}`)
  }

  #pushText(text: string): void {
    if (!isWellFormed(text))
      throw new Refusal('is a string with half of a surrogate pair, which UTF-8 has no bytes for')
    this.require(this.builder.pushText(text))
  }

  #pushNumber(value: number): void {
    if ((value | 0) === value) {
      this.builder.pushWord(value >> 31, value)
      return
    }
    if (!(Number.isInteger(value) && value >= LEAST && value < BEYOND))
      throw new Refusal(`is ${value}, which is no 64-bit integer`)
    if (!Number.isSafeInteger(value)) this.#pushLong(BigInt(value))
    else this.builder.pushWord(Math.floor(value / 2 ** 32), value | 0)
  }

  #pushLong(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value)
      throw new Refusal('is a bigint that is no 64-bit integer: BigInt.asIntN(64, value) wraps it')
    const high = Number(value >> 32n)
    const low = Number(BigInt.asIntN(32, value))
    // the VM boxes the integers that would look like tagged words
    if (high > TAG.MAX) this.builder.pushWord(high, low)
    else this.require(this.builder.make(COMMAND.INTEGER, low, high) !== 0)
  }

  /** Pushes several values. */
  pushAll(values: readonly Argument[], naming: Naming): void {
    requireStackFor(values.length)
    this.require(this.builder.room(values.length))
    for (let i = 0; i < values.length; i++) this.push(values[i], naming, i + 1)
  }

  /** Pushes arguments of a call from R[2] on, of which those before `first` are there; bytes become data blocks, which are lent. */
  pushArguments(args: readonly Argument[], first: number): void {
    const { memory } = this.builder
    requireStackFor(args.length)
    this.require(this.builder.room(args.length))
    memory.setWord(G.TOP, memory.word(G.BASE) + 16 + first * 8)
    let window = 0
    for (let i = first; i < args.length; i++) {
      const arg = args[i]
      if (isBytes(arg)) window += lengthOf(arg, i)
    }
    if (window > memory.word(G.WINDOW_SIZE)) this.#growWindow(window)
    let at = memory.word(G.WINDOW) + 8
    for (let i = first; i < args.length; i++) {
      const arg = args[i]
      if (isBytes(arg)) {
        memory.bytes.set(arg, at)
        this.require(this.builder.make(COMMAND.BLOCK, at, arg.length) !== 0)
        at += arg.length
      } else this.push(arg, ARGUMENT, i + 1)
    }
  }

  #growWindow(bytes: number): void {
    const { memory: m } = this.builder
    this.require(bytes <= m.word(G.LIMIT))
    m.setWord(G.WINDOW_SIZE, 0)
    this.releaseBlock(G.WINDOW)
    const size = Math.max(bytes, 2048)
    const block = this.builder.make(COMMAND.ALLOC, size, 0)
    this.require(block !== 0)
    m.setWord(G.WINDOW, block)
    m.setWord(G.WINDOW_SIZE, size)
  }

  /** Pushes the main function of a chunk; false if there is no room. */
  pushChunk(chunk: Uint8Array): boolean {
    const { memory: m } = this.builder
    const block = this.builder.make(COMMAND.ALLOC, chunk.length, 0)
    if (!block) return false
    m.setWord(G.STAGED, block)
    m.bytes.set(chunk, block + 8)
    const loaded = this.builder.make(COMMAND.LOAD, block + 8, 0)
    this.releaseBlock(G.STAGED)
    return loaded === 1
  }

  /** Frees the raw block whose address is in a word of the memory, if there is one. */
  releaseBlock(word: number): void {
    const block = this.builder.memory.word(word)
    this.builder.memory.setWord(word, 0)
    if (block) this.builder.enter(COMMAND.RELEASE, block, 0)
  }
}

const DETACHED = 'is a Uint8Array whose buffer has been given away'

/** Whether a value is bytes. Unlike `instanceof` it calls no code of a proxy. */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && isUint8Array(value)
}

/** @throws StateError `BAD_VALUE` */
function requireStackFor(count: number): void {
  if (count <= LIMITS.STACK_SLOTS) return
  const message = `Cannot pass ${count} values: a function takes at most ${LIMITS.STACK_SLOTS}`
  throw new StateError('BAD_VALUE', message)
}

/** Length of the bytes that are argument `i`, from 0 on. @throws StateError `BAD_VALUE` */
function lengthOf(bytes: Uint8Array, i: number): number {
  if (isDetached(bytes)) throw refused(new Refusal(DETACHED), ARGUMENT(i + 1), '')
  return bytes.length
}

/** Bytes that are still there. @throws Refusal */
function attached(bytes: Uint8Array): Uint8Array {
  if (isDetached(bytes)) throw new Refusal(DETACHED)
  return bytes
}

/** Whether the buffer of bytes is gone. Node.js 20 can't be asked for it, but no view of the buffer can be made. */
export function isDetached(bytes: Uint8Array | string): boolean {
  if (bytes.length > 0 || typeof bytes === 'string') return false
  try {
    new Uint8Array(bytes.buffer)
    return false
  } catch {
    return true
  }
}

/** String.prototype.isWellFormed, which TypeScript's library of Node.js 20 doesn't know. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed()
}

function refused(refusal: Refusal, what: string, path: string): StateError {
  const place = `${what}: ${path === '' ? 'it' : path}`
  return new StateError('BAD_VALUE', `Cannot pass ${place} ${refusal.message}`, undefined, {
    cause: refusal.cause,
  })
}

/** Where in a value a key is: `.items[3].when`. */
function pathOf(parent: Pending | undefined, key: unknown): string {
  const steps: string[] = []
  let at = parent
  let last = key
  while (at !== undefined) {
    steps.push(stepOf(last, at.source.keys === undefined))
    last = at.key
    at = at.parent
  }
  const path = steps.reverse()
  if (path.length > MOST_STEPS) path.splice(MOST_STEPS / 2, path.length - MOST_STEPS, '…')
  return path.join('')
}

function stepOf(key: unknown, isIndex: boolean): string {
  if (isIndex) return `[${key}]`
  if (typeof key !== 'string') return `[${typeof key === 'object' ? 'a table' : messageOf(key)}]`
  const text = key.length > 40 ? `${key.slice(0, 40)}…` : key
  return /^[A-Za-z_$][\w$]*$/.test(text) ? `.${text}` : `[${JSON.stringify(text)}]`
}
