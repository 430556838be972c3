/**
 * Checks the heap of a state from outside: blocks, free lists, references, interned strings. Meant for tests
 * that look for bugs of the VM; the state is collected first, so that all that remains is alive.
 */
import { BLOCK_HEADER, G, KIND, MEMORY, OBJECT, TAG } from '../src/isa/layout.ts'
import { OPCODES } from '../src/isa/opcodes.ts'
import type { StateMemory } from '../src/state/memory.ts'

/** Addresses of the pattern programs that the VM keeps (PROGRAMS in vm/assembly/lib/pattern-program.ts). */
const PROGRAMS = { AT: MEMORY.CAPTURES + 0x100, SLOTS: 8 }
const LARGE_BIN = 64
const SMALL = 504

const KINDS = new Set<number>(Object.values(KIND))
/** Tags whose payload is the address of an object, and the object's kind. */
const KIND_OF_TAG: Readonly<Record<number, number>> = {
  [TAG.BIGINT]: KIND.BIGINT,
  [TAG.STRING]: KIND.STRING,
  [TAG.LONGSTRING]: KIND.LONGSTRING,
  [TAG.TABLE]: KIND.TABLE,
  [TAG.CLOSURE]: KIND.CLOSURE,
  [TAG.NATIVE]: KIND.NATIVE,
  [TAG.THREAD]: KIND.THREAD,
  [TAG.BLOCK]: KIND.BLOCK,
}

class HeapCheck {
  readonly problems: string[] = []
  readonly #m: StateMemory
  /** Kind by address of every block. */
  readonly #blocks = new Map<number, number>()
  /** Who owns a raw block. */
  readonly #owners = new Map<number, string>()

  constructor(memory: StateMemory) {
    this.#m = memory
  }

  run(): readonly string[] {
    this.#walk()
    if (this.problems.length > 0) return this.problems
    this.#freeLists()
    this.#globals()
    for (const [at, kind] of this.#blocks) this.#object(at, kind)
    this.#interned()
    for (const [at, kind] of this.#blocks)
      if (kind === KIND.RAW && !this.#owners.has(at))
        this.#problem(at, `nobody owns the raw block of ${this.#size(at)} bytes`)
    return this.problems
  }

  #problem(at: number, what: string): void {
    if (this.problems.length < 20) this.problems.push(`0x${at.toString(16)}: ${what}`)
  }

  #size(at: number): number {
    return this.#m.word(at + BLOCK_HEADER.SIZE)
  }

  #byte(at: number): number {
    return this.#m.bytes[at] as number
  }

  #half(at: number): number {
    return this.#byte(at) | (this.#byte(at + 1) << 8)
  }

  /** From header to header: sizes add up, kinds are known, G_USED is right. */
  #walk(): void {
    const top = this.#m.word(G.HEAP_TOP)
    let used = 0
    let at: number = MEMORY.HEAP
    while (at < top) {
      const size = this.#size(at)
      const kind = this.#byte(at + BLOCK_HEADER.KIND)
      if (size < 16 || size % 8 !== 0) {
        this.#problem(at, `a block of ${size} bytes`)
        return
      }
      if (!KINDS.has(kind)) {
        this.#problem(at, `a block of kind ${kind}`)
        return
      }
      this.#blocks.set(at, kind)
      if (kind !== KIND.FREE) used += size
      at += size
    }
    if (at !== top) this.#problem(at, `the last block ends behind the top of the heap, 0x${top.toString(16)}`)
    if (top > this.#m.word(G.LIMIT)) this.#problem(top, 'the top of the heap is above the limit')
    if (used !== this.#m.word(G.USED))
      this.#problem(top, `${used} bytes are in use, not ${this.#m.word(G.USED)}`)
  }

  /** Every free block is in the bin of its size, once; the bins hold nothing else. */
  #freeLists(): void {
    const listed = new Set<number>()
    for (let bin = 0; bin <= LARGE_BIN; bin++) {
      let previous = 0
      for (let at = this.#m.word(G.BINS + bin * 4); at; at = this.#m.word(at + 8)) {
        if (this.#blocks.get(at) !== KIND.FREE) {
          this.#problem(at, `in bin ${bin}, but no free block`)
          return
        }
        if (listed.has(at)) {
          this.#problem(at, `twice in the bins, last in ${bin}`)
          return
        }
        listed.add(at)
        const size = this.#size(at)
        if ((size > SMALL ? LARGE_BIN : size / 8) !== bin) this.#problem(at, `${size} bytes, in bin ${bin}`)
        if (this.#m.word(at + 12) !== previous) this.#problem(at, 'wrong link to the previous free block')
        previous = at
      }
      if (bin === LARGE_BIN) continue
      const bit = (this.#m.word(G.BINMAP + (bin >> 5) * 4) >>> (bin & 31)) & 1
      if ((bit === 1) !== (previous !== 0)) this.#problem(G.BINMAP, `wrong bit for bin ${bin}`)
    }
    for (const [at, kind] of this.#blocks)
      if (kind === KIND.FREE && !listed.has(at)) this.#problem(at, 'a free block in no bin')
  }

  /** An object of this kind must begin at the address. */
  #refer(from: number, to: number, kind: number, what: string): void {
    if (this.#blocks.get(to) !== kind)
      this.#problem(
        from,
        `${what} is 0x${to.toString(16)}, a block of kind ${this.#blocks.get(to)}, not ${kind}`,
      )
  }

  #referIf(from: number, to: number, kind: number, what: string): void {
    if (to) this.#refer(from, to, kind, what)
  }

  #value(from: number, slot: number, what: string): void {
    const tag = this.#m.word(slot + 4)
    const kind = KIND_OF_TAG[tag]
    if (kind !== undefined) this.#refer(from, this.#m.word(slot), kind, what)
    else if (tag === TAG.MAX) this.#problem(from, `${what} has an unknown tag`)
  }

  /** A raw block that belongs to the object. */
  #own(from: number, raw: number, what: string): void {
    this.#refer(from, raw, KIND.RAW, what)
    const other = this.#owners.get(raw)
    if (other !== undefined) this.#problem(from, `${what} 0x${raw.toString(16)} is also ${other}`)
    this.#owners.set(raw, `${what} of 0x${from.toString(16)}`)
  }

  #ownIf(from: number, raw: number, what: string): void {
    if (raw) this.#own(from, raw, what)
  }

  #globals(): void {
    const m = this.#m
    this.#refer(G.MAIN, m.word(G.MAIN), KIND.THREAD, 'the main coroutine')
    this.#refer(G.THREAD, m.word(G.THREAD), KIND.THREAD, 'the current coroutine')
    this.#refer(G.REGISTRY, m.word(G.REGISTRY), KIND.TABLE, 'the registry')
    this.#refer(G.GLOBALS, m.word(G.GLOBALS), KIND.TABLE, 'the table of globals')
    this.#value(G.HANDLER, G.HANDLER, 'the message handler')
    for (let i = 0; i < 16; i++)
      this.#referIf(G.TYPE_META, m.word(G.TYPE_META + i * 4), KIND.TABLE, `metatable of type ${i}`)
    for (const name of ['STRTAB', 'NAMES', 'MESSAGES', 'BUFFER', 'MATCH_STACK', 'GC_FINOBJ'] as const)
      this.#ownIf(G[name], m.word(G[name]), `G_${name}`)
    for (let i = 0; i < PROGRAMS.SLOTS; i++)
      this.#ownIf(PROGRAMS.AT, m.word(PROGRAMS.AT + i * 4), `pattern program ${i}`)
  }

  #object(at: number, kind: number): void {
    const m = this.#m
    if (kind === KIND.TABLE) this.#table(at)
    else if (kind === KIND.CLOSURE) {
      this.#refer(at, m.word(at + OBJECT.CLOSURE.PROTO), KIND.PROTO, 'the proto')
      for (let i = 0; i < this.#half(at + OBJECT.CLOSURE.COUNT); i++)
        this.#refer(at, m.word(at + OBJECT.CLOSURE.UPVALUES + i * 4), KIND.UPVALUE, `upvalue ${i}`)
    } else if (kind === KIND.NATIVE) {
      for (let i = 0; i < this.#half(at + OBJECT.NATIVE.COUNT); i++)
        this.#value(at, at + OBJECT.NATIVE.VALUES + i * 8, `value ${i}`)
    } else if (kind === KIND.UPVALUE) this.#upvalue(at)
    else if (kind === KIND.THREAD) this.#thread(at)
    else if (kind === KIND.CHUNK) this.#chunk(at)
    else if (kind === KIND.PROTO) this.#proto(at)
    else if (kind === KIND.BLOCK) {
      this.#referIf(at, m.word(at + OBJECT.BLOCK.LAYOUT), KIND.TABLE, 'the layout')
      this.#referIf(at, m.word(at + OBJECT.BLOCK.OWNER), KIND.LONGSTRING, 'the owner')
    } else if (kind === KIND.BIGINT) {
      const high = m.word(at + OBJECT.BIGINT.VALUE + 4)
      if (high > TAG.MAX) this.#problem(at, 'a boxed integer that needs no box')
    } else if (kind === KIND.STRING || kind === KIND.LONGSTRING) {
      const room = this.#size(at) - OBJECT.STRING.DATA
      const length = m.word(at + OBJECT.STRING.LENGTH)
      if (length < 0 || length > room) this.#problem(at, `a string of ${length} bytes with room for ${room}`)
    }
  }

  #table(t: number): void {
    const m = this.#m
    const { TABLE, NODE } = OBJECT
    this.#referIf(t, m.word(t + TABLE.META), KIND.TABLE, 'the metatable')
    const array = m.word(t + TABLE.ARRAY)
    const size = m.word(t + TABLE.ARRAY_SIZE)
    if (array) this.#own(t, array - 8, 'the array part')
    if (size < 0 || (size > 0 && this.#size(array - 8) < 8 + size * 8))
      this.#problem(t, `array part too small for ${size}`)
    for (let i = 0; i < size; i++) this.#value(t, array + i * 8, `element ${i + 1}`)
    const nodes = m.word(t + TABLE.NODES)
    if (nodes === MEMORY.DUMMY_NODE) return
    this.#own(t, nodes - 8, 'the hash part')
    const count = m.word(t + TABLE.NODE_MASK) + 1
    const end = nodes + count * NODE.BYTES
    for (let node = nodes; node < end; node += NODE.BYTES) {
      const next = m.word(node + NODE.NEXT)
      if (next !== 0 && (next < nodes || next >= end || (next - nodes) % NODE.BYTES !== 0))
        this.#problem(t, `a node's successor is 0x${next.toString(16)}`)
      if (m.word(node + NODE.VALUE + 4) === TAG.NIL) continue
      this.#value(t, node + NODE.VALUE, 'a value')
      this.#value(t, node + NODE.KEY, 'a key')
      const key = m.word(node + NODE.KEY + 4)
      if (key === TAG.NIL || key === TAG.EMPTY) this.#problem(t, 'a value without a key')
    }
  }

  #upvalue(at: number): void {
    const slot = this.#m.word(at + OBJECT.UPVALUE.AT)
    const inside = at + OBJECT.UPVALUE.VALUE
    if (slot === inside) {
      this.#value(at, inside, 'the value')
      return
    }
    const thread = this.#m.word(inside)
    this.#refer(at, thread, KIND.THREAD, 'the coroutine')
    const stack = this.#m.word(thread + OBJECT.THREAD.STACK)
    if (slot < stack || slot >= stack + this.#m.word(thread + OBJECT.THREAD.STACK_BYTES))
      this.#problem(at, `the open variable at 0x${slot.toString(16)} lies outside the stack`)
  }

  #thread(at: number): void {
    const m = this.#m
    const { THREAD, UPVALUE } = OBJECT
    const stack = m.word(at + THREAD.STACK)
    this.#own(at, stack, 'the stack')
    this.#ownIf(at, m.word(at + THREAD.TBC), 'the list of variables to close')
    this.#referIf(at, m.word(at + THREAD.RESUMER), KIND.THREAD, 'the resumer')
    const bytes = m.word(at + THREAD.STACK_BYTES)
    if (this.#size(stack) < bytes) this.#problem(at, 'the stack is too small')
    for (let slot = 8; slot < bytes; slot += 8) this.#value(at, stack + slot, `stack slot ${slot / 8}`)
    let above = Number.POSITIVE_INFINITY
    for (let u = m.word(at + THREAD.OPEN); u; u = m.word(u + UPVALUE.NEXT)) {
      this.#refer(at, u, KIND.UPVALUE, 'an open variable')
      const slot = m.word(u + UPVALUE.AT)
      if (slot >= above) {
        this.#problem(at, 'the open variables are out of order')
        return
      }
      above = slot
    }
  }

  #chunk(at: number): void {
    const m = this.#m
    const source = m.word(at + OBJECT.CHUNK.SOURCE)
    const kind = this.#blocks.get(source)
    if (kind !== KIND.STRING && kind !== KIND.LONGSTRING) this.#problem(at, 'the source is no string')
    for (let i = 0; i < m.word(at + OBJECT.CHUNK.COUNT); i++)
      this.#value(at, at + OBJECT.CHUNK.CONSTANTS + i * 8, `constant ${i}`)
    const list = m.word(at + OBJECT.CHUNK.PROTO_LIST)
    this.#own(at, list - 8, 'the list of protos')
    for (let i = 0; i < m.word(at + OBJECT.CHUNK.PROTOS); i++)
      this.#refer(at, m.word(list + i * 4), KIND.PROTO, `proto ${i}`)
  }

  /** Addresses in instructions: string constants, nested protos. */
  #proto(at: number): void {
    const m = this.#m
    const chunk = m.word(at + OBJECT.PROTO.CHUNK)
    this.#refer(at, chunk, KIND.CHUNK, 'the chunk')
    const words = m.word(at + OBJECT.PROTO.WORDS)
    for (let i = 0; i < words; i++) {
      const pc = at + OBJECT.PROTO.CODE + i * 8
      const op = OPCODES[this.#byte(pc)]
      if (!op) {
        this.#problem(at, `instruction ${i} has no known opcode`)
        return
      }
      if (op.d === 'string') this.#refer(at, m.word(pc + 4), KIND.STRING, `the string of instruction ${i}`)
      if (op.d === 'proto') this.#refer(at, m.word(pc + 4), KIND.PROTO, `the proto of instruction ${i}`)
      if (op.literal) {
        i++
        this.#value(at, pc + 8, `the literal of instruction ${i}`)
      }
    }
  }

  /** Every short string is in its bucket, once, and nothing else is. */
  #interned(): void {
    const m = this.#m
    const table = m.word(G.STRTAB) + 8
    const mask = m.word(G.STRTAB_MASK)
    const found = new Set<number>()
    for (let i = 0; i <= mask; i++)
      for (let s = m.word(table + i * 4); s; s = m.word(s + OBJECT.STRING.NEXT)) {
        this.#refer(G.STRTAB, s, KIND.STRING, `a string in bucket ${i}`)
        if (found.has(s)) {
          this.#problem(s, 'interned twice')
          return
        }
        found.add(s)
        const whole = m.word(s + OBJECT.STRING.HASH) & mask
        const lower = whole - ((mask + 1) >> 1) // while it has not been divided
        if ((lower >= m.word(G.STRTAB_SPLIT) ? lower : whole) !== i) this.#problem(s, 'in the wrong bucket')
      }
    for (const [at, kind] of this.#blocks)
      if (kind === KIND.STRING && !found.has(at)) this.#problem(at, 'a short string that is not interned')
    if (found.size !== m.word(G.STRTAB_COUNT))
      this.#problem(G.STRTAB, `${found.size} strings, not ${m.word(G.STRTAB_COUNT)}`)
  }
}

/**
 * What is wrong with the heap; empty if nothing is. No call is under way and nothing is garbage: collect
 * twice before (`collectgarbage()` from a script), as finalizers revive what they get.
 */
export function checkHeap(memory: StateMemory): readonly string[] {
  return new HeapCheck(memory).run()
}
