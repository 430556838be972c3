/** Steps of arithmetic and moves, with the verifier's rules for what a register may hold. */
import { ARITHMETIC_32, reverseBytes } from './arithmetic32.ts'
import { ARITHMETIC_64 } from './arithmetic64.ts'
import type { AluOp, SwapKind, Width } from './instruction-table.ts'
import { Fault, IMMEDIATE, KIND, type Machine } from './machine.ts'
import type { Step } from './step.ts'

const { ARENA, BLOCK, NONE, SCALAR, STACK } = KIND

const NOT_AN_OPERAND = 'arithmetic takes scalars and arena addresses only.'
const CAST_FIRST = 'arithmetic with an arena address needs one in the destination too: cast it first.'

/** Constants that the verifier refuses. */
function checkImmediate(op: AluOp, width: Width, imm: number): void {
  if (/div|mod/.test(op) && imm === 0) throw new Fault('the verifier refuses division by a constant zero.')
  if (/sh$/.test(op) && (imm < 0 || imm >= width)) {
    throw new Fault(`the verifier refuses shifts of ${width} bits by a constant ${imm}.`)
  }
}

export function aluImmStep(
  m: Machine,
  op: AluOp,
  width: Width,
  dst: number,
  imm: number,
  next: number,
): Step {
  checkImmediate(op, width, imm)
  const { words, kinds } = m
  const d = 2 * dst
  if (op === 'mov') {
    const high = width === 64 ? imm >> 31 : 0
    return () => {
      words[d] = imm
      words[d + 1] = high
      kinds[dst] = SCALAR
      return next
    }
  }
  const short = ARITHMETIC_32[op]
  if (width === 32) {
    return () => {
      if (kinds[dst] !== SCALAR) m.plain(dst, NOT_AN_OPERAND)
      words[d] = short(words[d]!, imm)
      words[d + 1] = 0
      return next
    }
  }
  const wide = alu64(m, op, dst, IMMEDIATE)
  return () => {
    m.setImmediate(imm)
    wide()
    return next
  }
}

export function aluRegStep(
  m: Machine,
  op: AluOp,
  width: Width,
  dst: number,
  src: number,
  next: number,
): Step {
  if (op === 'mov') return moveStep(m, width, dst, src, next)
  const { words, kinds } = m
  const d = 2 * dst
  const s = 2 * src
  if (width === 64) {
    const wide = alu64(m, op, dst, src)
    return () => {
      wide()
      return next
    }
  }
  const short = ARITHMETIC_32[op]
  return () => {
    const kind = kinds[src]!
    if (kinds[dst] !== SCALAR || kind !== SCALAR) checkOperands(m, dst, src)
    words[d] = short(words[d]!, words[s]!)
    words[d + 1] = 0
    return next
  }
}

function checkOperands(m: Machine, dst: number, src: number): void {
  m.plain(dst, NOT_AN_OPERAND)
  m.plain(src, NOT_AN_OPERAND)
  if (m.kinds[dst] === SCALAR && m.kinds[src] === ARENA) throw m.fault(src, CAST_FIRST)
}

/** 64-bit arithmetic on an arena address is what the verifier makes of it: 32-bit arithmetic. */
function alu64(m: Machine, op: AluOp, dst: number, src: number): () => void {
  const { words, kinds } = m
  const d = 2 * dst
  const s = 2 * src
  const wide = ARITHMETIC_64[op]
  const short = ARITHMETIC_32[op]
  return () => {
    if (kinds[dst] === SCALAR && kinds[src] === SCALAR) {
      wide(words, d, s)
    } else if (kinds[dst] === ARENA) {
      checkOperands(m, dst, src)
      words[d] = short(words[d]!, words[s]!)
      words[d + 1] = 0
    } else {
      movePointer(m, op, dst, src)
    }
  }
}

/** `pointer += scalar`, `pointer -= scalar` and `scalar += pointer`, for addresses in the stack and in blocks. */
function movePointer(m: Machine, op: AluOp, dst: number, src: number): void {
  const isPointer = (register: number) => m.kinds[register] === STACK || m.kinds[register] === BLOCK
  const [pointer, scalar] = isPointer(dst) ? [dst, src] : [src, dst]
  if (!isPointer(pointer)) {
    checkOperands(m, dst, src)
    return
  }
  const low = m.words[2 * scalar]!
  if (m.kinds[scalar] !== SCALAR) throw m.fault(scalar, 'only a scalar moves an address.')
  if (op !== 'add' && !(op === 'sub' && pointer === dst)) {
    throw m.fault(pointer, 'addresses take += and -= with a scalar only.')
  }
  if (m.words[2 * scalar + 1] !== low >> 31) throw new Fault('the distance is out of any bounds.')
  const moved = m.words[2 * pointer]! + (op === 'add' ? low : -low)
  if (moved !== (moved | 0)) throw new Fault('the distance is out of any bounds.')
  m.set(dst, m.kinds[pointer]! as 3 | 4, moved, m.words[2 * pointer + 1]!)
}

/** A 64-bit move copies anything; a 32-bit move makes a scalar. */
function moveStep(m: Machine, width: Width, dst: number, src: number, next: number): Step {
  const { words, kinds } = m
  const d = 2 * dst
  const s = 2 * src
  if (width === 32) {
    return () => {
      if (kinds[src] !== SCALAR) m.plain(src, 'a 32-bit move would cut it.')
      words[d] = words[s]!
      words[d + 1] = 0
      kinds[dst] = SCALAR
      return next
    }
  }
  return () => {
    const kind = kinds[src]!
    if (kind === NONE) throw m.fault(src, 'nothing can be read from it.')
    words[d] = words[s]!
    words[d + 1] = words[s + 1]!
    kinds[dst] = kind
    return next
  }
}

export function moveSignedStep(
  m: Machine,
  width: Width,
  bits: number,
  dst: number,
  src: number,
  next: number,
): Step {
  const { words, kinds } = m
  const shift = 32 - bits
  return () => {
    m.plain(src, 'a move with sign extension would cut it.')
    const low = (words[2 * src]! << shift) >> shift
    words[2 * dst] = low
    words[2 * dst + 1] = width === 64 ? low >> 31 : 0
    kinds[dst] = SCALAR
    return next
  }
}

/** The negative of an arena address is a scalar of 64 bits, or of 32. */
export function negateStep(m: Machine, width: Width, dst: number, next: number): Step {
  const { words, kinds } = m
  const d = 2 * dst
  return () => {
    m.plain(dst, NOT_AN_OPERAND)
    const low = words[d]!
    words[d] = -low | 0
    words[d + 1] = width === 64 ? (~words[d + 1]! + (low === 0 ? 1 : 0)) | 0 : 0
    kinds[dst] = SCALAR
    return next
  }
}

/** The machine is little-endian, so `le` only cuts. */
export function swapStep(m: Machine, swap: SwapKind, bits: 16 | 32 | 64, dst: number, next: number): Step {
  const { words, kinds } = m
  const d = 2 * dst
  return () => {
    m.plain(dst, NOT_AN_OPERAND)
    const low = words[d]!
    const high = words[d + 1]!
    const cut = bits === 16 ? low & 0xffff : low
    const reversed = bits === 16 ? reverseBytes(low) >>> 16 : reverseBytes(bits === 64 ? high : low)
    words[d] = swap === 'le' ? cut : reversed
    words[d + 1] = bits === 64 ? (swap === 'le' ? high : reverseBytes(low)) : 0
    kinds[dst] = SCALAR
    return next
  }
}

export function castStep(m: Machine, to: 'arena' | 'user', dst: number, src: number, next: number): Step {
  const { words, kinds } = m
  return () => {
    if (kinds[src] !== SCALAR) m.plain(src, 'only scalars and arena addresses can be cast.')
    words[2 * dst] = words[2 * src]!
    words[2 * dst + 1] = 0
    kinds[dst] = to === 'arena' ? ARENA : SCALAR
    return next
  }
}
