// Arithmetic, bitwise operations, length and concatenation. Here is the case of two plain integers;
// ../arith.ts has the others.
import {
  T_FALSE,
  T_LONGSTRING,
  T_MAX,
  T_STRING,
  T_TABLE,
  TABLE_META,
  V_FALSE,
  V_TRUE,
} from '../../generated/layout'
import { arithmetic, floorDivide, floorModulo, shiftLeft, unary } from '../arith'
import { concatenate } from '../concat'
import { fieldD, registerA, registerB, registerC } from '../decode'
import { lengthValue } from '../length'
import { lengthOf } from '../string'
import { border } from '../table'
import { objectAt, tagAt } from '../value'

/** Are both words integers that stand for themselves? */
function plain(a: i64, b: i64): bool {
  return i32(a >> 32) > T_MAX && i32(b >> 32) > T_MAX
}

export function opAdd(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const b = load<i64>(registerC(pc, base))
  const r = a + b
  if (plain(a, b) && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, b)
}

export function opSub(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const b = load<i64>(registerC(pc, base))
  const r = a - b
  if (plain(a, b) && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, b)
}

export function opMul(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const b = load<i64>(registerC(pc, base))
  const r = a * b
  if (plain(a, b) && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, b)
}

/** Both operands are plain and non-negative, and the right one is not 0: machine division is Lua's. */
function naturals(a: i64, b: i64): bool {
  return a >= 0 && b > 0
}

export function opMod(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const b = load<i64>(registerC(pc, base))
  if (naturals(a, b)) {
    store<i64>(registerA(pc, base), i64(u64(a) % u64(b)))
    return pc + 8
  }
  return arithmetic(pc, a, b)
}

export function opPow(pc: usize, base: usize): usize {
  return arithmetic(pc, load<i64>(registerB(pc, base)), load<i64>(registerC(pc, base)))
}

export function opDiv(pc: usize, base: usize): usize {
  return opIdiv(pc, base)
}

export function opIdiv(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const b = load<i64>(registerC(pc, base))
  if (naturals(a, b)) {
    store<i64>(registerA(pc, base), i64(u64(a) / u64(b)))
    return pc + 8
  }
  return arithmetic(pc, a, b)
}

export function opBand(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const b = load<i64>(registerC(pc, base))
  const r = a & b
  if (plain(a, b) && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, b)
}

export function opBor(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const b = load<i64>(registerC(pc, base))
  const r = a | b
  if (plain(a, b) && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, b)
}

export function opBxor(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const b = load<i64>(registerC(pc, base))
  const r = a ^ b
  if (plain(a, b) && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, b)
}

export function opShl(pc: usize, base: usize): usize {
  return arithmetic(pc, load<i64>(registerB(pc, base)), load<i64>(registerC(pc, base)))
}

export function opShr(pc: usize, base: usize): usize {
  return arithmetic(pc, load<i64>(registerB(pc, base)), load<i64>(registerC(pc, base)))
}

export function opAddi(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const r = a + i64(fieldD(pc))
  if (i32(a >> 32) > T_MAX && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, i64(fieldD(pc)))
}

export function opSubi(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const r = a - i64(fieldD(pc))
  if (i32(a >> 32) > T_MAX && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, i64(fieldD(pc)))
}

export function opMuli(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const r = a * i64(fieldD(pc))
  if (i32(a >> 32) > T_MAX && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, i64(fieldD(pc)))
}

export function opModi(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const d = i64(fieldD(pc))
  if (naturals(a, d)) {
    // 32-bit division is several times faster where it is enough
    if (a <= 0x7fffffff) store<i64>(registerA(pc, base), i64(u32(a) % u32(d)))
    else store<i64>(registerA(pc, base), i64(u64(a) % u64(d)))
    return pc + 8
  }
  if (i32(a >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), floorModulo(a, d))
    return pc + 8
  }
  return arithmetic(pc, a, d)
}

export function opIdivi(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const d = i64(fieldD(pc))
  if (naturals(a, d)) {
    if (a <= 0x7fffffff) store<i64>(registerA(pc, base), i64(u32(a) / u32(d)))
    else store<i64>(registerA(pc, base), i64(u64(a) / u64(d)))
    return pc + 8
  }
  if (i32(a >> 32) > T_MAX && d != -1) {
    store<i64>(registerA(pc, base), floorDivide(a, d))
    return pc + 8
  }
  return arithmetic(pc, a, d)
}

export function opBandi(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const r = a & i64(fieldD(pc))
  if (i32(a >> 32) > T_MAX && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, i64(fieldD(pc)))
}

export function opShli(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const r = a << i64(fieldD(pc))
  if (i32(a >> 32) > T_MAX && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, i64(fieldD(pc)))
}

export function opShri(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const r = shiftLeft(a, 0 - i64(fieldD(pc)))
  if (i32(a >> 32) > T_MAX && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return arithmetic(pc, a, i64(fieldD(pc)))
}

export function opUnm(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const r = 0 - a
  if (i32(a >> 32) > T_MAX && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return unary(pc, a)
}

export function opBnot(pc: usize, base: usize): usize {
  const a = load<i64>(registerB(pc, base))
  const r = ~a
  if (i32(a >> 32) > T_MAX && i32(r >> 32) > T_MAX) {
    store<i64>(registerA(pc, base), r)
    return pc + 8
  }
  return unary(pc, a)
}

export function opNot(pc: usize, base: usize): usize {
  store<i64>(registerA(pc, base), tagAt(registerB(pc, base)) > T_FALSE ? V_FALSE : V_TRUE)
  return pc + 8
}

export function opLen(pc: usize, base: usize): usize {
  const rb = registerB(pc, base)
  const tag = tagAt(rb)
  if (tag == T_TABLE && !load<u32>(objectAt(rb), TABLE_META)) {
    store<i64>(registerA(pc, base), border(objectAt(rb)))
    return pc + 8
  }
  if (tag == T_STRING || tag == T_LONGSTRING) {
    store<i64>(registerA(pc, base), i64(lengthOf(objectAt(rb))))
    return pc + 8
  }
  return lengthValue(pc, load<i64>(rb))
}

export function opConcat(pc: usize, base: usize): usize {
  return concatenate(pc, base)
}
