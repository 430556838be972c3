// Loops. Numeric ones count down the iterations that remain, so that no overflow can make them endless.
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
import { BUILTIN_BASE_NEXT } from '../../generated/builtins'
import { fieldC, registerA, target } from '../decode'
import { invoke, link } from '../frames'
import { outOfMemory, safePoint } from '../gc'
import { raiseMessage } from '../raise'
import { keyAt, nextPosition, positionOf, valueAt } from '../table'
import { markToClose } from '../unwind'
import { high, integer, integerOf, isIntegerTag, objectAt, tagAt } from '../value'

function failed(message: i32): usize {
  raiseMessage(message, V_NIL, V_NIL)
  return load<u32>(G_NEXT_PC)
}

/** Number of iterations after the first, for start ≤ limit in the step's direction. */
function iterations(start: i64, limit: i64, step: i64): i64 {
  const distance = step > 0 ? u64(limit) - u64(start) : u64(start) - u64(limit)
  const stride = step > 0 ? u64(step) : u64(-(step + 1)) + 1
  const count = distance / stride
  // more than anybody can wait for: the rest makes no difference
  return count > 0x3fffffffffffffff ? 0x3fffffffffffffff : i64(count)
}

export function opForprep(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  store<u32>(G_PC, u32(pc))
  const first = load<i64>(ra)
  const last = load<i64>(ra + 8)
  const stride = load<i64>(ra + 16)
  if (!isIntegerTag(high(last))) return failed(MSG_FOR_LIMIT)
  if (!isIntegerTag(high(stride))) return failed(MSG_FOR_STEP)
  if (!isIntegerTag(high(first))) return failed(MSG_FOR_INITIAL)
  const step = integerOf(stride)
  if (step == 0) return failed(MSG_FOR_ZERO)
  const start = integerOf(first)
  const limit = integerOf(last)
  if (step > 0 ? start > limit : start < limit) return target(pc)
  store<i64>(ra + 8, iterations(start, limit, step))
  store<i64>(ra + 24, first)
  return pc + 8
}

export function opForloop(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  const count = load<i64>(ra + 8)
  if (count <= 0) return pc + 8
  store<i64>(ra + 8, count - 1)
  const a = load<i64>(ra)
  const next = a + load<i64>(ra + 16)
  if (high(a) > T_MAX && high(next) > T_MAX) {
    store<i64>(ra, next)
    store<i64>(ra + 24, next)
    return target(pc)
  }
  return boxedStep(pc, ra)
}

/** The index is, or becomes, an integer that must be boxed. */
function boxedStep(pc: usize, ra: usize): usize {
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
  if (tagAt(ra) == T_BUILTIN && load<i32>(ra) == BUILTIN_BASE_NEXT && tagAt(ra + 8) == T_TABLE) return traverse(pc, ra)
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
