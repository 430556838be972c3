/** Reads values of a state out of its memory, as JavaScript sees them. Tables are copied, without recursion: they may be nested to any depth, and contain themselves. */
import { OBJECT, TAG } from '../isa/layout.ts'
import { LuaReference, type LuaTable, type LuaValue, type StateMemory } from './memory.ts'

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [TAG.BUILTIN]: 'function',
  [TAG.HOST]: 'function',
  [TAG.CLOSURE]: 'function',
  [TAG.NATIVE]: 'function',
  [TAG.THREAD]: 'thread',
  [TAG.BLOCK]: 'data',
  [TAG.LIGHT]: 'userdata',
}

/** A table that is being copied: what is in the array part, and the addresses of the nodes in use. */
interface Parts {
  readonly slots: number
  readonly size: number
  readonly nodes: readonly number[]
  /** Number of pairs. */
  readonly count: number
}

/** Tables that have been met, by address; those from `next` on have not been filled yet. */
interface Copies {
  readonly known: Map<number, LuaValue[] | LuaTable>
  readonly list: { readonly parts: Parts; readonly copy: LuaValue[] | LuaTable }[]
}

export class ValueReader {
  readonly #memory: StateMemory

  constructor(memory: StateMemory) {
    this.#memory = memory
  }

  /** The value at an address; tables are copied, shared ones once. */
  read(address: number): LuaValue {
    if (this.#memory.word(address + 4) !== TAG.TABLE) return this.#plain(address)
    const copies: Copies = { known: new Map(), list: [] }
    const value = this.#copyOf(this.#memory.word(address), copies)
    for (let i = 0; i < copies.list.length; i++) this.#fill(copies.list[i] as Copies['list'][number], copies)
    return value
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
        return new LuaReference(TYPE_NAMES[tag] ?? 'unknown')
    }
  }

  #integer(address: number): number | bigint {
    const m = this.#memory
    const high = m.word(address + 4)
    if (high >= -0x200000 && high < 0x200000) return high * 2 ** 32 + (m.word(address) >>> 0)
    return m.long(address)
  }

  #value(address: number, copies: Copies): LuaValue {
    const m = this.#memory
    return m.word(address + 4) === TAG.TABLE ? this.#copyOf(m.word(address), copies) : this.#plain(address)
  }

  /** The copy of a table, which is still empty if it is new. */
  #copyOf(table: number, copies: Copies): LuaValue[] | LuaTable {
    const known = copies.known.get(table)
    if (known !== undefined) return known
    const parts = this.#partsOf(table)
    const copy: LuaValue[] | LuaTable = this.#isSequence(parts) ? new Array(parts.count) : new Map()
    copies.known.set(table, copy)
    copies.list.push({ parts, copy })
    return copy
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

  #fill({ parts, copy }: Copies['list'][number], copies: Copies): void {
    const m = this.#memory
    const { slots, size, nodes } = parts
    const isList = Array.isArray(copy)
    for (let i = 0; i < size; i++) {
      const at = slots + i * 8
      if (m.word(at + 4) === TAG.NIL) continue
      if (isList) copy[i] = this.#value(at, copies)
      else copy.set(i + 1, this.#value(at, copies))
    }
    for (const node of nodes) {
      const value = this.#value(node + OBJECT.NODE.VALUE, copies)
      if (isList) copy[m.word(node + OBJECT.NODE.KEY) - 1] = value
      else copy.set(this.#value(node + OBJECT.NODE.KEY, copies), value)
    }
  }
}
