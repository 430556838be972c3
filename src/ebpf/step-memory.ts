/**
 * Steps that access memory. In the arena an address is the low 32 bits of a register plus the offset; beyond its
 * bytes loads give 0 and stores vanish, as in the kernel.
 */
import { ARITHMETIC_32 } from './arithmetic32.ts'
import { ARITHMETIC_64 } from './arithmetic64.ts'
import type { AluOp, AtomicOp, Bytes, Width } from './instruction-table.ts'
import { type Block, Fault, KIND, type Kind, type Machine, SCRATCH } from './machine.ts'
import type { Stack } from './stack.ts'
import type { Step } from './step.ts'

const { ARENA, BLOCK, NONE, SCALAR, STACK } = KIND

const NO_ADDRESS = 'it is no address. Cast it to the arena first, if it is one there.'

type Read = (view: DataView, at: number) => number
type Write = (view: DataView, at: number, value: number) => void

const READ: Readonly<Record<1 | 2 | 4, Read>> = {
  1: (view, at) => view.getUint8(at),
  2: (view, at) => view.getUint16(at, true),
  4: (view, at) => view.getInt32(at, true),
}

const WRITE: Readonly<Record<1 | 2 | 4, Write>> = {
  1: (view, at, value) => view.setInt8(at, value),
  2: (view, at, value) => view.setInt16(at, value, true),
  4: (view, at, value) => view.setInt32(at, value, true),
}

/** Accesses that aren't in the arena. */
export class Memory {
  readonly #machine: Machine
  readonly #stack: Stack
  readonly #views: readonly DataView[]

  constructor(machine: Machine, stack: Stack) {
    this.#machine = machine
    this.#stack = stack
    this.#views = machine.blocks.map(
      ({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    )
  }

  /** Loads into a register, extended with zeros. */
  load(bytes: Bytes, dst: number, base: number, offset: number): void {
    const { words, kinds, depth } = this.#machine
    const address = words[2 * base]! + offset
    if (kinds[base] === STACK) {
      kinds[dst] = this.#stack.load(address, bytes, depth, words, 2 * dst)
      return
    }
    const view = this.#block(base, address, bytes)
    words[2 * dst + 1] = bytes === 8 ? view.getInt32(address + 4, true) : 0
    words[2 * dst] = READ[bytes === 8 ? 4 : bytes](view, address)
    kinds[dst] = SCALAR
  }

  /** Stores a register. */
  store(bytes: Bytes, base: number, offset: number, src: number): void {
    const { words, kinds, depth } = this.#machine
    const address = words[2 * base]! + offset
    const low = words[2 * src]!
    const high = words[2 * src + 1]!
    if (kinds[src] === NONE) throw this.#machine.fault(src, 'it can not be stored.')
    if (kinds[base] === STACK) {
      this.#stack.store(address, bytes, depth, kinds[src]! as Kind, low, high)
      return
    }
    const view = this.#block(base, address, bytes)
    this.#machine.plain(src, 'it can be stored in the stack only.')
    WRITE[bytes === 8 ? 4 : bytes](view, address, low)
    if (bytes === 8) view.setInt32(address + 4, high, true)
  }

  #block(base: number, address: number, bytes: number): DataView {
    const { words, kinds, blocks } = this.#machine
    if (kinds[base] !== BLOCK) throw this.#machine.fault(base, NO_ADDRESS)
    const number = words[2 * base + 1]!
    const block: Block = blocks[number]!
    if (address < 0 || address + bytes > block.bytes.length) {
      throw new Fault(
        `${bytes} bytes at ${address} are outside of ${block.name}, which has ${block.bytes.length}`,
      )
    }
    return this.#views[number]!
  }
}

export function loadStep(
  m: Machine,
  memory: Memory,
  bytes: Bytes,
  dst: number,
  base: number,
  offset: number,
  next: number,
): Step {
  const { words, kinds, arena } = m
  const limit = arena.byteLength - bytes
  const d = 2 * dst
  const b = 2 * base
  const read = READ[bytes === 8 ? 4 : bytes]
  return () => {
    if (kinds[base] === ARENA) {
      const address = (words[b]! >>> 0) + offset
      const inside = address >= 0 && address <= limit
      words[d + 1] = bytes === 8 && inside ? arena.getInt32(address + 4, true) : 0
      words[d] = inside ? read(arena, address) : 0
      kinds[dst] = SCALAR
    } else {
      memory.load(bytes, dst, base, offset)
    }
    return next
  }
}

/** Loads with sign extension: not from an arena, since Linux before 6.18 has none there. */
export function loadSignedStep(
  m: Machine,
  memory: Memory,
  bytes: Bytes,
  dst: number,
  base: number,
  offset: number,
  next: number,
): Step {
  const { words, kinds } = m
  const shift = 32 - 8 * bytes
  return () => {
    if (kinds[base] === ARENA) {
      throw new Fault(
        'Linux before 6.18 has no sign-extending loads from an arena; load and move with (s8), (s16)',
      )
    }
    memory.load(bytes, dst, base, offset)
    if (kinds[dst] !== SCALAR) throw m.fault(dst, 'it has no sign to extend.')
    const low = (words[2 * dst]! << shift) >> shift
    words[2 * dst] = low
    words[2 * dst + 1] = low >> 31
    return next
  }
}

export function storeStep(
  m: Machine,
  memory: Memory,
  bytes: Bytes,
  base: number,
  offset: number,
  src: number,
  next: number,
): Step {
  const { words, kinds, arena } = m
  const limit = arena.byteLength - bytes
  const s = 2 * src
  const write = WRITE[bytes === 8 ? 4 : bytes]
  return () => {
    if (kinds[base] === ARENA) {
      const kind = kinds[src]!
      if (kind !== SCALAR && kind !== ARENA) throw m.fault(src, 'it can not be stored in the arena.')
      const address = (words[2 * base]! >>> 0) + offset
      if (address >= 0 && address <= limit) {
        write(arena, address, words[s]!)
        if (bytes === 8) arena.setInt32(address + 4, words[s + 1]!, true)
      }
    } else {
      memory.store(bytes, base, offset, src)
    }
    return next
  }
}

/** What an atomic operation writes: the new value goes to the second scratch register. */
function combine(m: Machine, op: AtomicOp, width: Width, src: number): void {
  const { words } = m
  const fresh = 2 * (SCRATCH + 1)
  words[fresh] = words[2 * SCRATCH]!
  words[fresh + 1] = words[2 * SCRATCH + 1]!
  if (op === 'xchg' || op === 'cmpxchg') {
    ARITHMETIC_64.mov(words, fresh, 2 * src)
    return
  }
  const alu = op.replace('fetch_', '') as AluOp
  if (width === 64) ARITHMETIC_64[alu](words, fresh, 2 * src)
  else words[fresh] = ARITHMETIC_32[alu](words[fresh]!, words[2 * src]!)
}

function checkAtomic(m: Machine, op: AtomicOp, base: number, bytes: number, offset: number): void {
  if (m.kinds[base] === ARENA && /^fetch_(and|or|xor)$/.test(op)) {
    throw new Fault(`the kernel has no ${op} in an arena`)
  }
  if (m.kinds[base] === ARENA && op === 'cmpxchg' && bytes === 4 && m.words[1] !== 0) {
    throw new Fault('after cmpxchg of 32 bits in an arena, r0 may keep its high word: make that 0 before')
  }
  if (m.kinds[base] === BLOCK && m.words[2 * base + 1] === 0) {
    throw new Fault('the kernel has no atomic operations on the context')
  }
  if ((m.words[2 * base]! + offset) % bytes !== 0) throw new Fault('an atomic operation must be aligned')
}

/**
 * Atomic operations; nothing else runs here, so they are a load and a store. Beyond the arena's bytes they do
 * nothing, and the register that would get the old value keeps what it had.
 */
export function atomicStep(
  m: Machine,
  memory: Memory,
  op: AtomicOp,
  width: Width,
  base: number,
  offset: number,
  src: number,
  next: number,
): Step {
  const { words, kinds } = m
  const bytes = width === 64 ? 8 : 4
  const limit = m.arena.byteLength - bytes
  const old = 2 * SCRATCH
  const result = op === 'cmpxchg' ? 0 : op === 'xchg' || op.startsWith('fetch_') ? src : undefined
  const load = loadStep(m, memory, bytes, SCRATCH, base, offset, next)
  const store = storeStep(m, memory, bytes, base, offset, SCRATCH + 1, next)
  return () => {
    checkAtomic(m, op, base, bytes, offset)
    m.plain(src, 'atomic operations take scalars only.')
    if (op === 'cmpxchg') m.plain(0, 'cmpxchg compares with it.')
    if (kinds[base] === ARENA) {
      const address = (words[2 * base]! >>> 0) + offset
      if (address < 0 || address > limit) return next
    }
    load()
    if (kinds[SCRATCH] !== SCALAR) throw new Fault('the slot holds a spilled address')
    const equal = words[old] === words[0] && (width === 32 || words[old + 1] === words[1])
    if (op !== 'cmpxchg' || equal) {
      combine(m, op, width, src)
      kinds[SCRATCH + 1] = SCALAR
      store()
    }
    if (result !== undefined) m.set(result, SCALAR, words[old]!, words[old + 1]!)
    return next
  }
}
