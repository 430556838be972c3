/**
 * Checks from outside what the collector relies on in the middle of a cycle (the head of vm/assembly/gc.ts): while it
 * marks, a black object refers to no white one; once marking has ended, nothing that lives refers to what is dead.
 * Meant for tests that stop a state anywhere.
 */
import { BLOCK_HEADER, G, KIND, MARK, MEMORY, OBJECT, PHASE, STATUS, TAG, WEAK } from '../src/isa/layout.ts'
import type { StateMemory } from '../src/state/memory.ts'

const { TABLE, NODE, CLOSURE, NATIVE, UPVALUE, THREAD, BLOCK, PROTO, CHUNK } = OBJECT

/** Kinds that no table forgets: values. */
const isValueTag = (tag: number): boolean => tag >= TAG.BIGINT && tag <= TAG.LONGSTRING
const isObjectTag = (tag: number): boolean => tag > TAG.LONGSTRING && tag < TAG.MAX

class MarkingCheck {
  readonly problems: string[] = []
  readonly #m: StateMemory
  readonly #phase: number
  readonly #white: number

  constructor(memory: StateMemory) {
    this.#m = memory
    this.#phase = memory.word(G.GC_PHASE)
    this.#white = memory.word(G.GC_WHITE)
  }

  run(): readonly string[] {
    const top = this.#m.word(G.HEAP_TOP)
    for (let at: number = MEMORY.HEAP; at < top; at += this.#m.word(at + BLOCK_HEADER.SIZE)) {
      const kind = this.#byte(at + BLOCK_HEADER.KIND)
      if (kind === KIND.FREE || kind === KIND.RAW) continue
      if (this.#phase === PHASE.PAUSE) {
        if (this.#mark(at) !== this.#white) this.#problem(at, `has mark ${this.#mark(at)} in the pause`)
      } else if (this.#counts(at)) this.#object(at, kind)
    }
    return this.problems
  }

  #problem(at: number, what: string): void {
    if (this.problems.length < 10) this.problems.push(`phase ${this.#phase}, 0x${at.toString(16)}: ${what}`)
  }

  #byte(at: number): number {
    return this.#m.bytes[at] as number
  }

  #half(at: number): number {
    return this.#byte(at) | (this.#byte(at + 1) << 8)
  }

  #mark(at: number): number {
    return this.#byte(at + BLOCK_HEADER.MARK)
  }

  /** Has an object not been reached (while marking goes on), or is it dead (behind the end of marking)? */
  #isLost(at: number): boolean {
    const white = this.#mark(at) & ~MARK.KEYED
    if (this.#phase === PHASE.PROPAGATE) return white === this.#white
    if (this.#phase === PHASE.SWEEP && at < this.#m.word(G.GC_SWEEP)) return false
    return white === (this.#white ^ 1)
  }

  /** Must what the object refers to have been reached? */
  #counts(at: number): boolean {
    if (this.#mark(at) === MARK.BLACK) return true
    return this.#phase !== PHASE.PROPAGATE && this.#mark(at) !== MARK.GRAY && !this.#isLost(at)
  }

  #reach(from: number, to: number, what: string): void {
    if (to && this.#isLost(to)) this.#problem(from, `${what} 0x${to.toString(16)} is lost`)
  }

  #value(from: number, slot: number, what: string): void {
    const tag = this.#m.word(slot + 4)
    if (isValueTag(tag) || isObjectTag(tag)) this.#reach(from, this.#m.word(slot), what)
  }

  #values(from: number, at: number, count: number, what: string): void {
    for (let i = 0; i < count; i++) this.#value(from, at + i * 8, `${what} ${i}`)
  }

  #object(at: number, kind: number): void {
    const m = this.#m
    if (kind === KIND.TABLE) this.#table(at)
    else if (kind === KIND.THREAD) this.#thread(at)
    else if (kind === KIND.CLOSURE) {
      this.#reach(at, m.word(at + CLOSURE.PROTO), 'the proto')
      for (let i = 0; i < this.#half(at + CLOSURE.COUNT); i++)
        this.#reach(at, m.word(at + CLOSURE.UPVALUES + i * 4), `upvalue ${i}`)
    } else if (kind === KIND.NATIVE)
      this.#values(at, at + NATIVE.VALUES, this.#half(at + NATIVE.COUNT), 'value')
    else if (kind === KIND.UPVALUE) {
      const slot = m.word(at + UPVALUE.AT)
      if (slot === at + UPVALUE.VALUE) this.#value(at, slot, 'the value')
      else this.#reach(at, m.word(at + UPVALUE.VALUE), 'the coroutine')
    } else if (kind === KIND.BLOCK) {
      this.#reach(at, m.word(at + BLOCK.OWNER), 'the owner')
      this.#reach(at, m.word(at + BLOCK.LAYOUT), 'the layout')
    } else if (kind === KIND.PROTO) this.#reach(at, m.word(at + PROTO.CHUNK), 'the chunk')
    else if (kind === KIND.CHUNK) {
      this.#reach(at, m.word(at + CHUNK.SOURCE), 'the source')
      this.#values(at, at + CHUNK.CONSTANTS, m.word(at + CHUNK.COUNT), 'constant')
    }
  }

  /** While marking goes on, those that run are visited again; the others are as they were left. */
  #thread(at: number): void {
    const m = this.#m
    const status = this.#half(at + THREAD.STATUS)
    if (status !== STATUS.SUSPENDED && status !== STATUS.DEAD && this.#phase === PHASE.PROPAGATE)
      this.#problem(at, 'a coroutine that runs is black')
    this.#reach(at, m.word(at + THREAD.RESUMER), 'the resumer')
    this.#reach(at, m.word(at + THREAD.HOOK), 'the hook')
    this.#value(at, at + THREAD.ERROR, 'the error')
    this.#values(at, m.word(at + THREAD.STACK) + 8, (m.word(at + THREAD.STACK_BYTES) >> 3) - 1, 'slot')
    for (let u = m.word(at + THREAD.OPEN); u; u = m.word(u + UPVALUE.NEXT)) this.#reach(at, u, 'a variable')
  }

  #table(t: number): void {
    const m = this.#m
    this.#reach(t, m.word(t + TABLE.META), 'the metatable')
    const flags = this.#byte(t + TABLE.WEAK)
    const weak = flags & WEAK.LISTED ? flags & (WEAK.KEYS | WEAK.VALUES) : 0
    if (flags & WEAK.SEALED) return
    const size = m.word(t + TABLE.ARRAY_SIZE)
    const visited = m.word(G.GC_PART) === t ? m.word(G.GC_PART_AT) : Number.POSITIVE_INFINITY
    if (!this.#waits(weak) && !this.#mayForget(weak, WEAK.VALUES))
      this.#values(t, m.word(t + TABLE.ARRAY), Math.min(size, visited), 'element')
    const nodes = m.word(t + TABLE.NODES)
    const count = nodes === MEMORY.DUMMY_NODE ? 0 : m.word(t + TABLE.NODE_MASK) + 1
    for (let i = 0; i < count && size + i < visited; i++) this.#node(t, nodes + i * NODE.BYTES, weak)
  }

  /** May there be what is lost on that side of a table's pairs? */
  #mayForget(weak: number, side: number): boolean {
    // behind the end of marking tables look as if dead values had been removed
    return (weak & side) !== 0 && (side === WEAK.KEYS || this.#phase === PHASE.PROPAGATE)
  }

  /** Have the values of the weak keys still to be visited? */
  #waits(weak: number): boolean {
    const isReviving = this.#phase === PHASE.SEPARATE || this.#phase === PHASE.REVIVE
    const isDue = this.#m.word(G.GC_KEYS) !== 0 || this.#m.word(G.GC_CURSOR) !== 0
    return weak === WEAK.KEYS && (this.#phase === PHASE.PROPAGATE || isReviving) && isDue
  }

  #node(t: number, node: number, weak: number): void {
    const m = this.#m
    if (m.word(node + NODE.VALUE + 4) === TAG.NIL || this.#waits(weak)) return
    if (!this.#mayForget(weak, WEAK.KEYS)) this.#value(t, node + NODE.KEY, 'the key')
    else if (isObjectTag(m.word(node + NODE.KEY + 4))) {
      const key = m.word(node + NODE.KEY)
      if (this.#isLost(key)) {
        if (weak === WEAK.KEYS && this.#phase === PHASE.PROPAGATE && !(this.#mark(key) & MARK.KEYED))
          this.#waiting(t, node + NODE.VALUE)
        return
      }
    }
    if (!this.#mayForget(weak, WEAK.VALUES)) this.#value(t, node + NODE.VALUE, 'the value')
  }

  /** The value must not wait for its key, which isn't noted. */
  #waiting(t: number, slot: number): void {
    const tag = this.#m.word(slot + 4)
    if ((isValueTag(tag) || isObjectTag(tag)) && this.#isLost(this.#m.word(slot)))
      this.#problem(t, 'a value waits for a key that is not noted')
  }
}

/** What is wrong with marks and references; empty if nothing is. */
export function checkMarking(memory: StateMemory): readonly string[] {
  return new MarkingCheck(memory).run()
}
