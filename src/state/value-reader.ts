/** Reads values of a state out of its memory, as JavaScript sees them. Tables are copied, without recursion: they may be nested to any depth, and contain themselves. */
import { OBJECT, TAG } from '../isa/layout.ts'
import { StateError } from './errors.ts'
import type { LuaFunctions } from './lua-function.ts'
import { LuaReference, type LuaTable, type LuaValue, type StateMemory } from './memory.ts'
import { DEFAULT_FORMS, plainKeys, setPlain, TableMap, type ValueForms } from './value-forms.ts'

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [TAG.BUILTIN]: 'function',
  [TAG.HOST]: 'function',
  [TAG.CLOSURE]: 'function',
  [TAG.NATIVE]: 'function',
  [TAG.THREAD]: 'thread',
  [TAG.BLOCK]: 'data',
  [TAG.LIGHT]: 'userdata',
}

type Copy = LuaValue[] | LuaTable | { [key: string]: LuaValue }

/** A table that is being copied: what is in the array part, and the addresses of the nodes in use. */
interface Parts {
  readonly slots: number
  readonly size: number
  readonly nodes: readonly number[]
  /** Number of pairs. */
  readonly count: number
}

/** A table whose copy is still to be filled. */
interface Pending {
  readonly parts: Parts
  readonly copy: Copy
  /** Of a plain object its keys, in the order of the parts; of a list of pairs nothing. */
  readonly keys: readonly string[] | 'pairs' | undefined
}

/** Tables that have been met, by address; those from `next` on have not been filled yet. */
interface Copies {
  readonly known: Map<number, Copy>
  readonly list: Pending[]
}

export class ValueReader {
  readonly #memory: StateMemory
  readonly #forms: ValueForms
  readonly #functions: LuaFunctions | undefined

  /** `functions`: what makes functions callable, which have to be kept afterwards; without it they are only named. */
  constructor(memory: StateMemory, forms: ValueForms = DEFAULT_FORMS, functions?: LuaFunctions) {
    this.#memory = memory
    this.#forms = forms
    this.#functions = functions
  }

  /** The value at an address; tables are copied, shared ones once. @throws StateError `BAD_VALUE` of integers that are too large */
  read(address: number): LuaValue {
    if (this.#memory.word(address + 4) !== TAG.TABLE) return this.#plain(address)
    const copies: Copies = { known: new Map(), list: [] }
    const value = this.#copyOf(this.#memory.word(address), copies)
    for (let i = 0; i < copies.list.length; i++) this.#fill(copies.list[i] as Pending, copies)
    return value as LuaValue
  }

  /** A value that is no table. */
  #plain(address: number): LuaValue {
    const m = this.#memory
    const tag = m.word(address + 4)
    const payload = m.word(address)
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
        return m.string(payload)
      default:
        if (TYPE_NAMES[tag] === 'function' && this.#functions) return this.#functions.of({ tag, payload })
        return new LuaReference(TYPE_NAMES[tag] ?? 'unknown')
    }
  }

  #integer(address: number): number | bigint {
    const m = this.#memory
    const high = m.word(address + 4)
    const { integers } = this.#forms
    if (integers === 'bigint') return m.long(address)
    if (high >= -0x200000 && high < 0x200000) return high * 2 ** 32 + (m.word(address) >>> 0)
    if (integers === 'auto') return m.long(address)
    throw new StateError(
      'BAD_VALUE',
      `Cannot take ${m.long(address)} from Lua: no number of JavaScript is that, and integers is 'number'`,
      "with integers: 'auto' it is a bigint",
    )
  }

  #value(address: number, copies: Copies): LuaValue {
    const m = this.#memory
    return m.word(address + 4) === TAG.TABLE
      ? (this.#copyOf(m.word(address), copies) as LuaValue)
      : this.#plain(address)
  }

  /** The copy of a table, which is still empty if it is new. */
  #copyOf(table: number, copies: Copies): Copy {
    const known = copies.known.get(table)
    if (known !== undefined) return known
    const pending = this.#emptyCopy(this.#partsOf(table))
    copies.known.set(table, pending.copy)
    copies.list.push(pending)
    return pending.copy
  }

  #emptyCopy(parts: Parts): Pending {
    if (this.#isSequence(parts)) return { parts, copy: new Array(parts.count), keys: undefined }
    if (this.#forms.tables === 'map') return { parts, copy: new TableMap(), keys: undefined }
    const keys = this.#plainKeys(parts)
    return keys === undefined ? { parts, copy: [], keys: 'pairs' } : { parts, copy: {}, keys }
  }

  /** The keys of a table as those of a plain object; undefined if it can't be one. */
  #plainKeys({ slots, size, nodes }: Parts): string[] | undefined {
    const m = this.#memory
    const keys: LuaValue[] = []
    for (let i = 0; i < size; i++) if (m.word(slots + i * 8 + 4) !== TAG.NIL) keys.push(i + 1)
    for (const node of nodes) {
      const tag = m.word(node + OBJECT.NODE.KEY + 4)
      if (!PLAIN_KEYS.has(tag) && tag <= TAG.MAX) return undefined
      keys.push(tag > TAG.MAX ? m.long(node + OBJECT.NODE.KEY) : this.#plain(node + OBJECT.NODE.KEY))
    }
    return plainKeys(keys)
  }

  #partsOf(table: number): Parts {
    const m = this.#memory
    const slots = m.word(table + OBJECT.TABLE.ARRAY)
    const size = m.word(table + OBJECT.TABLE.ARRAY_SIZE)
    const nodes: number[] = []
    const first = m.word(table + OBJECT.TABLE.NODES)
    const end = first + (m.word(table + OBJECT.TABLE.NODE_MASK) + 1) * OBJECT.NODE.BYTES
    for (let node = first; node < end; node += OBJECT.NODE.BYTES)
      if (m.word(node + OBJECT.NODE.VALUE + 4) !== TAG.NIL) nodes.push(node)
    let count = nodes.length
    for (let i = 0; i < size; i++) if (m.word(slots + i * 8 + 4) !== TAG.NIL) count++
    return { slots, size, nodes, count }
  }

  /** Whether the keys are 1, 2, 3 and so on: as many different integers as there are, none of them larger. */
  #isSequence({ slots, size, nodes, count }: Parts): boolean {
    const m = this.#memory
    for (let i = count; i < size; i++) if (m.word(slots + i * 8 + 4) !== TAG.NIL) return false
    for (const node of nodes) {
      const key = m.word(node + OBJECT.NODE.KEY)
      if (m.word(node + OBJECT.NODE.KEY + 4) !== 0 || key < 1 || key > count) return false
    }
    return true
  }

  #fill({ parts, copy, keys }: Pending, copies: Copies): void {
    if (copy instanceof Map) this.#fillMap(copy, parts, copies)
    else if (keys === undefined) this.#fillList(copy as LuaValue[], parts, copies)
    else this.#fillPlain(copy, parts, keys, copies)
  }

  #fillMap(map: LuaTable, { slots, size, nodes }: Parts, copies: Copies): void {
    const { words } = this.#memory
    const isLong = this.#forms.integers === 'bigint'
    for (let i = 0; i < size; i++) {
      const at = slots + i * 8
      if (words[(at + 4) >>> 2] !== TAG.NIL) map.set(isLong ? BigInt(i + 1) : i + 1, this.#value(at, copies))
    }
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as number
      map.set(this.#value(node + OBJECT.NODE.KEY, copies), this.#value(node + OBJECT.NODE.VALUE, copies))
    }
  }

  #fillList(list: LuaValue[], { slots, size, nodes }: Parts, copies: Copies): void {
    const { words } = this.#memory
    for (let i = 0; i < size; i++) {
      const at = slots + i * 8
      if (words[(at + 4) >>> 2] !== TAG.NIL) list[i] = this.#value(at, copies)
    }
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as number
      const key = words[(node + OBJECT.NODE.KEY) >>> 2] as number
      list[key - 1] = this.#value(node + OBJECT.NODE.VALUE, copies)
    }
  }

  /** Fills an object, or an array of pairs. */
  #fillPlain(copy: Copy, parts: Parts, keys: readonly string[] | 'pairs', copies: Copies): void {
    const entries: LuaTable = new Map()
    this.#fillMap(entries, parts, copies)
    let n = 0
    for (const [key, value] of entries)
      if (keys === 'pairs') (copy as LuaValue[]).push([key, value])
      else setPlain(copy, keys[n++] as string, value)
  }
}

/** Tags of keys that a plain object can have, besides those of small integers. */
const PLAIN_KEYS: ReadonlySet<number> = new Set([TAG.FALSE, TAG.TRUE, TAG.BIGINT, TAG.STRING, TAG.LONGSTRING])
