// Equality and order with all their cases.
import {
  EVENT_EQ,
  EVENT_LE,
  EVENT_LT,
  FRAME_NEGATED,
  G_NEXT_PC,
  G_PC,
  MSG_COMPARE,
  MSG_COMPARE_TWO,
  OP_JEQ,
  OP_JGEI,
  OP_JGTI,
  OP_JLE,
  OP_JLEI,
  OP_JLT,
  OP_JLTI,
  OP_JNGEI,
  OP_JNGTI,
  OP_JNLE,
  OP_JNLEI,
  T_BIGINT,
  T_BLOCK,
  T_LONGSTRING,
  T_TABLE,
  V_NIL,
} from '../generated/layout'
import { target } from './decode'
import { callMeta, callMetaWith, link } from './frames'
import { settled } from './fuel'
import { describeType, fastMetamethod, metamethodOf, metatableOf } from './metatable'
import { raiseMessage } from './raise'
import { compareStrings, sameLongString, stringWord } from './string'
import { high, integerOf, isIntegerTag, isStringTag, low } from './value'

/** Equality without metamethods. */
export function rawEqual(a: i64, b: i64): bool {
  if (a == b) return true
  const tag = high(a)
  if (tag != high(b)) return false
  if (tag == T_LONGSTRING) return sameLongString(low(a), low(b))
  return tag == T_BIGINT && integerOf(a) == integerOf(b)
}

function branch(pc: usize, holds: bool): usize {
  return holds ? target(pc) : pc + 8
}

/** JEQ and JNE when the words differ. */
export function equalSlow(pc: usize, a: i64, b: i64): usize {
  const positive = i32(load<u8>(pc)) == OP_JEQ
  if (rawEqual(a, b)) return settled(branch(pc, positive))
  const tag = high(a)
  if (tag == high(b) && (tag == T_TABLE || tag == T_BLOCK)) {
    let f = fastMetamethod(metatableOf(a), EVENT_EQ)
    if (f == V_NIL) f = fastMetamethod(metatableOf(b), EVENT_EQ)
    if (f != V_NIL) {
      store<u32>(G_PC, u32(pc))
      return callMeta(pc, f, a, b)
    }
  }
  return settled(branch(pc, !positive))
}

/** Does the instruction jump when the comparison holds? */
function jumpsIfTrue(op: i32): bool {
  return op == OP_JLT || op == OP_JLE || op == OP_JLTI || op == OP_JLEI || op == OP_JGTI || op == OP_JGEI
}

/** Is it ≤ (or ≥) rather than < (or >)? */
function isOrEqual(op: i32): bool {
  return op == OP_JLE || op == OP_JNLE || op == OP_JLEI || op == OP_JNLEI || op == OP_JGEI || op == OP_JNGEI
}

/** a < b or a ≤ b, as the instruction at `pc` says (operands already in that order), for any values. */
export function orderSlow(pc: usize, a: i64, b: i64): usize {
  const op: i32 = load<u8>(pc)
  const orEqual = isOrEqual(op)
  const ta = high(a)
  const tb = high(b)
  if (isIntegerTag(ta) && isIntegerTag(tb)) {
    const x = integerOf(a)
    const y = integerOf(b)
    return branch(pc, (orEqual ? x <= y : x < y) == jumpsIfTrue(op))
  }
  if (isStringTag(ta) && isStringTag(tb)) {
    const order = compareStrings(low(a), low(b))
    return settled(branch(pc, (orEqual ? order <= 0 : order < 0) == jumpsIfTrue(op)))
  }
  store<u32>(G_PC, u32(pc))
  let f = metamethodOf(a, orEqual ? EVENT_LE : EVENT_LT)
  if (f == V_NIL) f = metamethodOf(b, orEqual ? EVENT_LE : EVENT_LT)
  if (f != V_NIL) return callMeta(pc, f, a, b)
  if (orEqual) {
    // as the reference does where it is built to be compatible with 5.3: a <= b is not (b < a)
    f = metamethodOf(b, EVENT_LT)
    if (f == V_NIL) f = metamethodOf(a, EVENT_LT)
    if (f != V_NIL) return callMetaWith(link(pc + 8, FRAME_NEGATED, 0), f, b, a, 2)
  }
  return notComparable(a, b)
}

function notComparable(a: i64, b: i64): usize {
  const x = describeType(a)
  const y = describeType(b)
  if (x == y) raiseMessage(MSG_COMPARE_TWO, stringWord(x), V_NIL)
  else raiseMessage(MSG_COMPARE, stringWord(x), stringWord(y))
  return load<u32>(G_NEXT_PC)
}

/** The immediate forms with > and ≥ have the immediate on the left. */
export function isSwapped(op: i32): bool {
  return op == OP_JGTI || op == OP_JNGTI || op == OP_JGEI || op == OP_JNGEI
}

export function orderImmediate(pc: usize, a: i64, e: i64): usize {
  return isSwapped(load<u8>(pc)) ? orderSlow(pc, e, a) : orderSlow(pc, a, e)
}
