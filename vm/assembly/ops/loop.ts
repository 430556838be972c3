// Loops. Numeric ones count down the iterations that remain, so that no overflow can make them endless.

import { BUILTIN_BASE_NEXT } from '../../generated/builtins'
import {
  FRAME_LOOP,
  G_BASE,
  G_NEXT_PC,
  G_PC,
  MSG_FOR_INITIAL,
  MSG_FOR_LIMIT,
  MSG_FOR_STEP,
  MSG_FOR_ZERO,
  T_BUILTIN,
  T_MAX,
  T_NIL,
  T_TABLE,
  V_NIL,
} from '../../generated/layout'
import { fieldC, registerA, target } from '../decode'
import { invoke, link } from '../frames'
import { outOfMemory, safePoint } from '../gc'
import { describeType } from '../metatable'
import { parsedInteger, parseInteger } from '../number'
import { raiseMessage } from '../raise'
import { stringWord } from '../string'
import { keyAt, nextPosition, positionOf, valueAt } from '../table'
import { markToClose } from '../unwind'
import { high, integer, integerOf, isIntegerTag, isStringTag, objectAt, tagAt } from '../value'

/** Number of iterations after the first, for start ≤ limit in the step's direction. */
function iterations(start: i64, limit: i64, step: i64): i64 {
  const distance = step > 0 ? u64(limit) - u64(start) : u64(start) - u64(limit)
  const stride = step > 0 ? u64(step) : u64(-(step + 1)) + 1
  const count = distance / stride
  // more than anybody can wait for: the rest makes no difference
  return count > 0x3fffffffffffffff ? 0x3fffffffffffffff : i64(count)
}

/** The slot holds an integer, or a string that reads as one and is converted in place. */
function toInteger(slot: usize): bool {
  const tag = tagAt(slot)
  if (isIntegerTag(tag)) return true
  if (!isStringTag(tag) || !parseInteger(objectAt(slot))) return false
  store<i64>(slot, parsedInteger())
  return true
}

function notNumber(message: i32, slot: usize): usize {
  raiseMessage(message, stringWord(describeType(load<i64>(slot))), V_NIL)
  return load<u32>(G_NEXT_PC)
}

/**
 * R[A+1] becomes the number of iterations after the first. Where the start, the limit or the step is
 * boxed, it is stored as -1 - n, and FORLOOP takes the slow way.
 */
export function opForprep(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  store<u32>(G_PC, u32(pc))
  const isZero = load<i64>(ra + 16) == 0
  if (!(isZero && isIntegerTag(tagAt(ra))) && !toInteger(ra + 8)) return notNumber(MSG_FOR_LIMIT, ra + 8)
  if (!toInteger(ra + 16)) return notNumber(MSG_FOR_STEP, ra + 16)
  if (!toInteger(ra)) return notNumber(MSG_FOR_INITIAL, ra)
  const first = load<i64>(ra)
  const step = integerOf(load<i64>(ra + 16))
  if (step == 0) {
    raiseMessage(MSG_FOR_ZERO, V_NIL, V_NIL)
    return load<u32>(G_NEXT_PC)
  }
  const start = integerOf(first)
  const limit = integerOf(load<i64>(ra + 8))
  if (step > 0 ? start > limit : start < limit) return target(pc)
  const count = iterations(start, limit, step)
  const plain = high(start) > T_MAX && high(limit) > T_MAX && high(step) > T_MAX
  store<i64>(ra + 8, plain ? count : -1 - count)
  store<i64>(ra + 24, first)
  return pc + 8
}

export function opForloop(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  const count = load<i64>(ra + 8)
  if (count <= 0) return boxedLoop(pc, ra, count)
  const next = load<i64>(ra) + load<i64>(ra + 16)
  store<i64>(ra + 8, count - 1)
  store<i64>(ra, next)
  store<i64>(ra + 24, next)
  return target(pc)
}

/** The loop is over, or its index may be an integer that is boxed. */
function boxedLoop(pc: usize, ra: usize, count: i64): usize {
  if (count >= -1) return pc + 8
  store<i64>(ra + 8, count + 1)
  const v = integer(integerOf(load<i64>(ra)) + integerOf(load<i64>(ra + 16)))
  store<i64>(ra, v)
  store<i64>(ra + 24, v)
  return safePoint(target(pc))
}

export function opTforprep(pc: usize, base: usize): usize {
  store<u32>(G_PC, u32(pc))
  const marked = markToClose(registerA(pc, base) + 24)
  if (marked < 0) return load<u32>(G_NEXT_PC)
  return marked ? outOfMemory(pc) : target(pc)
}

export function opTforcall(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  if (tagAt(ra) == T_BUILTIN && load<i32>(ra) == BUILTIN_BASE_NEXT && tagAt(ra + 8) == T_TABLE)
    return traverse(pc, ra)
  return callIterator(pc, ra)
}

function callIterator(pc: usize, ra: usize): usize {
  store<i64>(ra + 32, load<i64>(ra))
  store<i64>(ra + 48, load<i64>(ra + 8))
  store<i64>(ra + 56, load<i64>(ra + 16))
  store<u32>(G_PC, u32(pc))
  return invoke(link(pc + 8, FRAME_LOOP, i32(ra + 48 - usize(load<u32>(G_BASE)))), ra + 32, 2)
}

/** pairs: the next pair directly into the loop variables. */
function traverse(pc: usize, ra: usize): usize {
  const t = objectAt(ra + 8)
  const control = load<i64>(ra + 16)
  const before = positionOf(t, control)
  if (before < 0) return callIterator(pc, ra) // next itself says what is wrong
  const position = nextPosition(t, before)
  const wanted = fieldC(pc)
  if (!position) {
    store<i64>(ra + 32, V_NIL)
    return pc + 16 // past TFORLOOP: the loop is over
  }
  const key = keyAt(t, position)
  store<i64>(ra + 16, key)
  store<i64>(ra + 32, key)
  if (wanted > 1) store<i64>(ra + 40, load<i64>(valueAt(t, position)))
  for (let i: i32 = 2; i < wanted; i++) store<i64>(ra + 32 + (usize(i) << 3), V_NIL)
  return target(pc + 8)
}

export function opTforloop(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  if (tagAt(ra + 32) == T_NIL) return pc + 8
  store<i64>(ra + 16, load<i64>(ra + 32))
  return target(pc)
}
