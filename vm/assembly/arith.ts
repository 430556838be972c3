// Integer arithmetic with all its cases: strings that read as integers, boxed integers, metamethods.
import {
  EVENT_ADD,
  EVENT_BNOT,
  EVENT_UNM,
  G_BASE,
  G_NEXT_PC,
  G_PC,
  MSG_ARITHMETIC,
  MSG_BITWISE,
  MSG_DIVIDE_ZERO,
  MSG_MODULO_ZERO,
  MSG_NEGATIVE_POWER,
  OP_ADD,
  OP_ADDI,
  OP_BAND,
  OP_BANDI,
  OP_BOR,
  OP_BXOR,
  OP_DIV,
  OP_IDIV,
  OP_IDIVI,
  OP_MOD,
  OP_MODI,
  OP_MUL,
  OP_MULI,
  OP_POW,
  OP_SHL,
  OP_SHLI,
  OP_SHR,
  OP_SUB,
  OP_SUBI,
  OP_UNM,
  V_NIL,
} from '../generated/layout'
import { registerA } from './decode'
import { callMeta } from './frames'
import { settled } from './fuel'
import { safePoint } from './gc'
import { metamethodOf } from './metatable'
import { parsedInteger, parseInteger } from './number'
import { raiseMessage, raiseOperand, raiseStringArithmetic } from './raise'
import { high, integer, integerOf, isIntegerTag, isStringTag, low } from './value'

/** Floor division; the divisor is not 0. */
export function floorDivide(a: i64, b: i64): i64 {
  if (b == -1) return 0 - a
  const q = a / b
  return (a ^ b) < 0 && q * b != a ? q - 1 : q
}

/** Remainder with the sign of the divisor, which is not 0. */
export function floorModulo(a: i64, b: i64): i64 {
  if (b == -1) return 0
  const r = a % b
  return r != 0 && (r ^ b) < 0 ? r + b : r
}

/** Shift left by n, right by -n; 0 from 64 on. */
export function shiftLeft(a: i64, n: i64): i64 {
  if (n <= -64 || n >= 64) return 0
  return n >= 0 ? a << n : a >>> (0 - n)
}

/** a to the power n ≥ 0, wrapping. */
export function power(a: i64, n: i64): i64 {
  let result: i64 = 1
  let factor = a
  let left = n
  while (left > 0) {
    if (left & 1) result *= factor
    factor *= factor
    left >>= 1
  }
  return result
}

/** The binary operation that an instruction stands for, its immediate form included. */
export function plainOp(op: i32): i32 {
  if (op < OP_ADDI) return op
  if (op == OP_ADDI) return OP_ADD
  if (op == OP_SUBI) return OP_SUB
  if (op == OP_MULI) return OP_MUL
  if (op == OP_MODI) return OP_MOD
  if (op == OP_IDIVI) return OP_IDIV
  if (op == OP_BANDI) return OP_BAND
  return op == OP_SHLI ? OP_SHL : OP_SHR
}

function compute(op: i32, a: i64, b: i64): i64 {
  switch (op) {
    case OP_ADD:
      return a + b
    case OP_SUB:
      return a - b
    case OP_MUL:
      return a * b
    case OP_MOD:
      return floorModulo(a, b)
    case OP_POW:
      return power(a, b)
    case OP_BAND:
      return a & b
    case OP_BOR:
      return a | b
    case OP_BXOR:
      return a ^ b
    case OP_SHL:
      return shiftLeft(a, b)
    case OP_SHR:
      return b == i64.MIN_VALUE ? 0 : shiftLeft(a, 0 - b)
    default:
      return floorDivide(a, b)
  }
}

/** An operand as an integer word, strings converted; nil if it is no integer. */
function numeric(v: i64): i64 {
  const tag = high(v)
  if (isIntegerTag(tag)) return v
  if (isStringTag(tag) && parseInteger(low(v))) return parsedInteger()
  return V_NIL
}

/** R[A] := a op b for the binary instruction at `pc`, whatever the operands are. */
export function arithmetic(pc: usize, a: i64, b: i64): usize {
  store<u32>(G_PC, u32(pc))
  const op = plainOp(load<u8>(pc))
  const bitwise = op >= OP_BAND // which take no strings
  const x = bitwise && !isIntegerTag(high(a)) ? V_NIL : numeric(a)
  const y = bitwise && !isIntegerTag(high(b)) ? V_NIL : numeric(b)
  if (x == V_NIL || y == V_NIL) return byMetamethod(pc, op, a, b)
  const j = integerOf(y)
  if (j == 0 && (op == OP_MOD || op == OP_DIV || op == OP_IDIV))
    return failed(op == OP_MOD ? MSG_MODULO_ZERO : MSG_DIVIDE_ZERO)
  if (j < 0 && op == OP_POW) return failed(MSG_NEGATIVE_POWER)
  const base: usize = load<u32>(G_BASE)
  store<i64>(registerA(pc, base), integer(compute(op, integerOf(x), j)))
  return settled(safePoint(pc + 8))
}

function failed(message: i32): usize {
  raiseMessage(message, V_NIL, V_NIL)
  return load<u32>(G_NEXT_PC)
}

function byMetamethod(pc: usize, op: i32, a: i64, b: i64): usize {
  const event = EVENT_ADD + op - OP_ADD
  let f = metamethodOf(a, event)
  if (f == V_NIL) f = metamethodOf(b, event)
  if (f != V_NIL) return callMeta(pc, f, a, b)
  if (op < OP_BAND && (isStringTag(high(a)) || isStringTag(high(b)))) {
    raiseStringArithmetic(event, a, b)
    return load<u32>(G_NEXT_PC)
  }
  return notNumber(op >= OP_BAND, a, b)
}

/** No metamethod: the message names the operand that is no number. */
function notNumber(bitwise: bool, a: i64, b: i64): usize {
  const second = isIntegerTag(high(a))
  raiseOperand(bitwise ? MSG_BITWISE : MSG_ARITHMETIC, second ? b : a, second ? 1 : 0)
  return load<u32>(G_NEXT_PC)
}

/** R[A] := -v or ~v for the instruction at `pc`. */
export function unary(pc: usize, v: i64): usize {
  store<u32>(G_PC, u32(pc))
  const negate = load<u8>(pc) == OP_UNM
  const x = negate || isIntegerTag(high(v)) ? numeric(v) : V_NIL
  if (x == V_NIL) {
    const f = metamethodOf(v, negate ? EVENT_UNM : EVENT_BNOT)
    if (f != V_NIL) return callMeta(pc, f, v, v)
    if (negate && isStringTag(high(v))) raiseStringArithmetic(EVENT_UNM, v, v)
    else raiseOperand(negate ? MSG_ARITHMETIC : MSG_BITWISE, v, 0)
    return load<u32>(G_NEXT_PC)
  }
  const i = integerOf(x)
  const base: usize = load<u32>(G_BASE)
  store<i64>(registerA(pc, base), integer(negate ? 0 - i : ~i))
  return settled(safePoint(pc + 8))
}
