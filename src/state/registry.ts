/** Globals, and the part of a state's registry that drivers use: names, registered functions, what the message handler leaves. */
import { COMMAND, G, LIMITS, REGISTRY, TAG } from '../isa/layout.ts'
import type { Argument, HostFunction } from './argument.ts'
import { StateError } from './errors.ts'
import type { HostFunctions } from './host-functions.ts'
import type { Builder } from './image.ts'
import type { ValueReader } from './value-reader.ts'
import { VALUE, type ValueWriter } from './value-writer.ts'

export class Registry {
  readonly #builder: Builder
  readonly #writer: ValueWriter
  readonly #reader: ValueReader
  readonly #keys = new Map<string, number>()

  constructor(writer: ValueWriter, reader: ValueReader) {
    this.#builder = writer.builder
    this.#writer = writer
    this.#reader = reader
  }

  /** The address of a name that `key` was asked for before. */
  knownKey(name: string): number | undefined {
    return this.#keys.get(name)
  }

  /**
   * The same of any name of a global; undefined if it is a path, or longer than names that are interned.
   * @throws StateError `BAD_NAME`
   */
  keyOf(name: string): number | undefined {
    requireName(name)
    if (name.includes('.') || Buffer.byteLength(name) > LIMITS.SHORT_STRING) return undefined
    return this.key(name)
  }

  /** Address of an interned name, which the registry keeps alive. @throws StateError `BAD_NAME` */
  key(name: string): number {
    const known = this.#keys.get(name)
    if (known !== undefined) return known
    requireName(name)
    const b = this.#builder
    if (Buffer.byteLength(name) > LIMITS.SHORT_STRING)
      throw new StateError(
        'BAD_NAME',
        `Cannot use the name '${name}': it is longer than ${LIMITS.SHORT_STRING} bytes`,
      )
    this.#builder.pushRegistryTable(REGISTRY.KEYS)
    this.#writer.require(b.pushText(name))
    const key = b.topObject()
    b.pushWord(TAG.TRUE, 0)
    this.#writer.require(this.#builder.make(COMMAND.SET, 0, 0) !== 0)
    b.pop(1)
    this.#keys.set(name, key)
    return key
  }

  /** Pushes the value of a global, by the path `a.b.c`; metamethods aren't called. @throws StateError `BAD_NAME` */
  pushGlobal(path: string): void {
    requireName(path)
    this.#pushField(path.split('.'))
  }

  #pushField(names: readonly string[]): void {
    const b = this.#builder
    const m = b.memory
    b.pushWord(TAG.TABLE, m.word(G.GLOBALS))
    for (const name of names) {
      if (this.topTag === TAG.TABLE) {
        this.#writer.require(b.pushText(name))
        b.enter(COMMAND.GET, 0, 0)
      } else {
        b.pop(1)
        b.pushWord(TAG.NIL, 0)
      }
    }
  }

  /** Tag of the topmost value. */
  get topTag(): number {
    const m = this.#builder.memory
    return m.word(m.word(G.TOP) - 4)
  }

  /** Sets a global, by its path. @throws StateError `BAD_NAME`, `BAD_VALUE` */
  setGlobal(path: string, value: Argument): void {
    requireName(path)
    const names = path.split('.')
    const last = names.pop() as string
    this.#pushField(names)
    if (this.topTag !== TAG.TABLE)
      throw new StateError('BAD_NAME', `Cannot set ${path}: ${names.join('.')} is no table`)
    this.#writer.require(this.#builder.pushText(last))
    this.#writer.push(value, VALUE)
    this.#writer.require(this.#builder.make(COMMAND.SET, 0, 0) !== 0)
  }

  /** Puts a value under a number. */
  set(key: number, value: Argument): void {
    const b = this.#builder
    b.pushWord(TAG.TABLE, b.memory.word(G.REGISTRY))
    b.pushWord(-1, key)
    this.#writer.push(value, VALUE)
    this.#writer.require(b.make(COMMAND.SET, 0, 0) !== 0)
    b.pop(1)
  }

  /**
   * Makes functions of the host fields of the global table `library`, which is made if it isn't there. Functions that
   * were registered under the same names are replaced; nothing else is.
   * @returns the number of each
   * @throws StateError `EXISTS`; nothing is registered then
   */
  register(
    library: string,
    functions: readonly (readonly [string, HostFunction | undefined])[],
    hosts: HostFunctions,
  ): Map<string, number> {
    const b = this.#builder
    this.#pushLibrary(library, functions.length)
    const table = b.topObject()
    for (const [name] of functions) this.#requireFree(library, table, name)
    const numbers = new Map<string, number>()
    for (const [name, call] of functions) {
      const qualified = `${library}.${name}`
      const number = this.hostNumber(qualified)
      this.#writer.require(b.setField(name, TAG.HOST, number))
      hosts.registered[number] = call && { name: qualified, call }
      numbers.set(name, number)
    }
    b.pushWord(TAG.TABLE, b.memory.word(G.GLOBALS))
    this.#writer.require(b.setField(library, TAG.TABLE, table))
    return numbers
  }

  /** Pushes the table of a library: the one that scripts have, or a new one. @throws StateError `EXISTS` */
  #pushLibrary(library: string, size: number): void {
    const b = this.#builder
    this.#pushField([library])
    if (this.topTag === TAG.TABLE) return
    if (this.topTag !== TAG.NIL)
      throw new StateError(
        'EXISTS',
        `Cannot register '${library}': there is a global of this name that is no table`,
      )
    b.pop(1)
    this.#writer.require(b.make(COMMAND.TABLE, 0, size) !== 0)
  }

  /** @throws StateError `EXISTS` if a library has something else under a name than a function of the host */
  #requireFree(library: string, table: number, name: string): void {
    const b = this.#builder
    b.pushWord(TAG.TABLE, table)
    this.#writer.require(b.pushText(name))
    b.enter(COMMAND.GET, 0, 0)
    const isFree = this.topTag === TAG.NIL || this.topTag === TAG.HOST
    b.pop(1)
    if (!isFree)
      throw new StateError('EXISTS', `Cannot register '${library}.${name}': the library has that already`)
  }

  /** Names of the registered functions, by their numbers. */
  hostNames(): string[] {
    this.#builder.pushRegistry(REGISTRY.HOSTS)
    const names = this.#reader.read(this.#builder.memory.word(G.TOP) - 8)
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
    this.#builder.pushRegistryTable(REGISTRY.HOSTS)
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
    this.#builder.pushRegistry(key)
    const text = this.#reader.read(m.word(G.TOP) - 8)
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

/** @throws StateError `BAD_NAME` */
export function requireName(name: unknown): asserts name is string {
  if (typeof name === 'string') return
  const what = name === null ? 'null' : typeof name
  throw new StateError(
    'BAD_NAME',
    `Cannot use a name that is no string (${what}): names are those of globals, or paths such as a.b`,
  )
}
