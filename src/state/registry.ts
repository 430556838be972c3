/** The part of a state's registry that drivers use: names, registered functions, and what the message handler leaves. */
import { COMMAND, G, REGISTRY, TAG } from '../isa/layout.ts'
import type { Argument } from './argument.ts'
import type { Builder } from './image.ts'
import type { ValueWriter } from './value-writer.ts'

export class Registry {
  readonly #builder: Builder
  readonly #writer: ValueWriter
  readonly #keys = new Map<string, number>()

  constructor(writer: ValueWriter) {
    this.#builder = writer.builder
    this.#writer = writer
  }

  /** The address of a name that `key` was asked for before. */
  knownKey(name: string): number | undefined {
    return this.#keys.get(name)
  }

  /** Address of an interned name, which the registry keeps alive. */
  key(name: string): number {
    const known = this.#keys.get(name)
    if (known !== undefined) return known
    const b = this.#builder
    if (Buffer.byteLength(name) > 40)
      this.#writer.fail('BAD_VALUE', `Cannot use the name '${name}': it is longer than 40 bytes`)
    this.#pushTable(REGISTRY.KEYS)
    this.#writer.require(b.pushText(name))
    const key = b.topObject()
    b.pushWord(TAG.TRUE, 0)
    this.#writer.require(this.#builder.make(COMMAND.SET, 0, 0) !== 0)
    b.pop(1)
    this.#keys.set(name, key)
    return key
  }

  /** Pushes what the registry has under a number. */
  #push(key: number): void {
    const b = this.#builder
    b.pushWord(TAG.TABLE, this.#builder.memory.word(G.REGISTRY))
    b.pushWord(-1, key)
    this.#builder.enter(COMMAND.GET, 0, 0)
  }

  /** Pushes a table of the registry, which is made if it isn't there. */
  #pushTable(key: number): void {
    const b = this.#builder
    const m = this.#builder.memory
    this.#push(key)
    if (m.word(m.word(G.TOP) - 4) === TAG.TABLE) return
    b.pop(1)
    b.pushWord(TAG.TABLE, m.word(G.REGISTRY))
    b.pushWord(-1, key)
    this.#writer.require(b.make(COMMAND.TABLE, 0, 0) !== 0)
    this.#writer.require(b.make(COMMAND.SET, 0, 0) !== 0)
    b.pop(1)
    this.#push(key)
  }

  /** Puts a value under a number. */
  set(key: number, value: Argument): void {
    const b = this.#builder
    b.pushWord(TAG.TABLE, b.memory.word(G.REGISTRY))
    b.pushWord(-1, key)
    this.#writer.push(value)
    this.#writer.require(b.make(COMMAND.SET, 0, 0) !== 0)
    b.pop(1)
  }

  /** Names of the registered functions, by their numbers. */
  hostNames(): string[] {
    this.#push(REGISTRY.HOSTS)
    const names = this.#builder.memory.value(this.#builder.memory.word(G.TOP) - 8)
    this.#builder.pop(1)
    return Array.isArray(names) ? names.map(String) : []
  }

  /** The number of a registered function, which is new if the state doesn't know the name. */
  hostNumber(name: string): number {
    const b = this.#builder
    const names = this.hostNames()
    const known = names.indexOf(name)
    if (known >= 0) return known
    const number = names.length
    this.#pushTable(REGISTRY.HOSTS)
    b.pushWord(0, number + 1)
    this.#writer.require(b.pushText(name))
    this.#writer.require(b.make(COMMAND.SET, 0, 0) !== 0)
    b.pop(1)
    return number
  }

  /** A text that the message handler has left in the registry; it is taken out. */
  left(key: number): string {
    const m = this.#builder.memory
    const b = this.#builder
    b.enter(COMMAND.RESET, 0, 0)
    this.#push(key)
    const text = m.value(m.word(G.TOP) - 8)
    b.pop(1)
    if (text === null) return ''
    b.pushWord(TAG.TABLE, m.word(G.REGISTRY))
    b.pushWord(-1, key)
    b.pushWord(TAG.NIL, 0)
    b.enter(COMMAND.SET, 0, 0)
    b.pop(1)
    return text instanceof Uint8Array ? Buffer.from(text).toString() : String(text)
  }
}
