/** Writes values of JavaScript, and chunks, into a state: onto its stack and into its heap. */
import { COMMAND, G, TAG } from '../isa/layout.ts'
import type { Argument } from './argument.ts'
import { OutOfMemory, StateError } from './errors.ts'
import type { Builder } from './image.ts'

/** Levels of tables in a value passed to a script. */
const DEEPEST = 1000

export class ValueWriter {
  readonly builder: Builder
  /** Gives up the call under way. */
  readonly #abandon: () => void
  /** Tables that the one being pushed lies in. */
  readonly #path = new Set<object>()

  constructor(builder: Builder, abandon: () => void) {
    this.builder = builder
    this.#abandon = abandon
  }

  /** Gives up the call under way. @throws StateError */
  fail(code: StateError['code'], message: string): never {
    this.#path.clear()
    this.#abandon()
    throw new StateError(code, message)
  }

  /** @throws OutOfMemory if something was not fine; the call is abandoned then */
  require(fine: boolean): void {
    if (fine) return
    this.#path.clear()
    this.#abandon()
    throw new OutOfMemory('not enough memory', 'not enough memory', '')
  }

  /** Pushes a value. @throws OutOfMemory, StateError `BAD_VALUE`; the call is abandoned then */
  push(value: Argument): void {
    const b = this.builder
    if (typeof value === 'number') this.#pushNumber(value)
    else if (typeof value === 'string') this.require(b.pushText(value))
    else if (value === null || value === undefined) b.pushWord(TAG.NIL, 0)
    else if (typeof value === 'boolean') b.pushWord(value ? TAG.TRUE : TAG.FALSE, 0)
    else if (typeof value === 'bigint') this.#pushLong(value)
    else if (value instanceof Uint8Array) this.require(b.pushBytes(value))
    else if (typeof value === 'object') this.#pushTable(value)
    else this.#refuse(value)
  }

  #pushNumber(value: number): void {
    if (!Number.isInteger(value)) this.#refuse(value)
    if (!Number.isSafeInteger(value)) this.#pushLong(BigInt(value))
    else this.builder.pushWord(Math.floor(value / 2 ** 32), value | 0)
  }

  #pushLong(value: bigint): void {
    const wrapped = BigInt.asIntN(64, value)
    const high = Number(wrapped >> 32n)
    const low = Number(BigInt.asIntN(32, wrapped))
    // the VM boxes the integers that would look like tagged words
    if (high > TAG.MAX) this.builder.pushWord(high, low)
    else this.require(this.builder.make(COMMAND.INTEGER, low, high) !== 0)
  }

  #refuse(value: unknown): never {
    this.fail(
      'BAD_VALUE',
      `Cannot pass ${String(value)} to Lua: it takes null, booleans, 64-bit integers, strings, bytes, arrays, maps and plain objects`,
    )
  }

  #pushTable(
    value:
      | readonly Argument[]
      | ReadonlyMap<string | number | boolean, Argument>
      | { readonly [key: string]: Argument },
  ): void {
    const entries: [string | number | boolean, Argument][] = Array.isArray(value)
      ? value.map((v, i) => [i + 1, v])
      : value instanceof Map
        ? [...value]
        : Object.entries(value as Record<string, Argument>)
    if (this.#path.has(value) || this.#path.size === DEEPEST)
      this.#refuse('a value that contains itself or is nested too deeply')
    this.#path.add(value)
    const isArray = Array.isArray(value)
    this.require(
      this.builder.make(COMMAND.TABLE, isArray ? entries.length : 0, isArray ? 0 : entries.length) !== 0,
    )
    for (const [key, v] of entries) {
      if (v === null || v === undefined) continue
      this.push(key)
      this.push(v)
      this.require(this.builder.make(COMMAND.SET, 0, 0) !== 0)
    }
    this.#path.delete(value)
  }

  /** Pushes several values. */
  pushAll(values: readonly Argument[]): void {
    this.require(this.builder.room(values.length))
    for (const value of values) this.push(value)
  }

  /** Pushes arguments of a call, from `first` on; bytes become data blocks, which are lent. */
  pushArguments(args: readonly Argument[], first: number): void {
    const { memory } = this.builder
    let window = 0
    for (const arg of args) if (arg instanceof Uint8Array) window += arg.length
    if (window > memory.word(G.WINDOW_SIZE)) this.#growWindow(window)
    let at = memory.word(G.WINDOW) + 8
    for (let i = first; i < args.length; i++) {
      const arg = args[i]
      if (arg instanceof Uint8Array) {
        memory.bytes.set(arg, at)
        this.require(this.builder.make(COMMAND.BLOCK, at, arg.length) !== 0)
        at += arg.length
      } else this.push(arg)
    }
  }

  #growWindow(bytes: number): void {
    const { memory: m } = this.builder
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
