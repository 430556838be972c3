// Concatenation: from the right, as many strings at once as stand together; operands consumed by a
// metamethod are marked EMPTY, so that the instruction can be executed again (finish.ts).
import {
  EVENT_CONCAT,
  G_NEXT_PC,
  G_PC,
  LIMIT_SHORT_STRING,
  MEM_SCRATCH,
  MSG_CONCATENATE,
  MSG_TOO_LARGE,
  T_EMPTY,
  V_EMPTY,
  V_NIL,
} from '../generated/layout'
import { charge } from './arguments'
import { fieldB, registerA } from './decode'
import { callMeta } from './frames'
import { outOfMemory, safePoint } from './gc'
import { copyBytes, hasRoom } from './memory'
import { metamethodOf } from './metatable'
import { integerToString } from './number'
import { raiseMessage, raiseOperand } from './raise'
import { bytesOf, intern, lengthOf, stringWord, tryLongString } from './string'
import { integerOf, isIntegerTag, isStringTag, objectAt, tagAt } from './value'

/** Where short results are put together. */
const TEXT: usize = MEM_SCRATCH

/** Is the word in a slot a string or an integer? */
function isText(slot: usize): bool {
  return isStringTag(tagAt(slot)) || isIntegerTag(tagAt(slot))
}

/** The same; an integer becomes a string in place. */
function toText(slot: usize): bool {
  const tag = tagAt(slot)
  if (isStringTag(tag)) return true
  if (!isIntegerTag(tag)) return false
  store<i64>(slot, stringWord(integerToString(integerOf(load<i64>(slot)))))
  return true
}

/** R[A] := R[A] .. … .. R[A+B-1] for the instruction at `pc`. */
export function concatenate(pc: usize, base: usize): usize {
  const first = registerA(pc, base)
  let last = first + (usize(fieldB(pc)) << 3) - 8
  while (tagAt(last) == T_EMPTY) last -= 8
  store<u32>(G_PC, u32(pc))
  while (last > first) {
    if (!hasRoom()) return outOfMemory(pc)
    if (!isText(last) || !isText(last - 8)) return concatByMetamethod(pc, first, last)
    toText(last)
    const from = join(first, last)
    if (!from) return outOfMemory(pc)
    if (from == 1) return load<u32>(G_NEXT_PC)
    for (let slot = from + 8; slot <= last; slot += 8) store<i64>(slot, V_EMPTY)
    last = from
  }
  return safePoint(pc + 8)
}

/** Joins the run of strings that ends at `last` into its first slot, which is returned; 0: no room, 1: raised. */
function join(first: usize, last: usize): usize {
  let from = last
  let total: i64 = 0
  do {
    if (!hasRoom()) return 0
    total += i64(lengthOf(objectAt(from)))
    from -= 8
  } while (from >= first && toText(from))
  from += 8
  if (total > 0x7fffff00) {
    raiseMessage(MSG_TOO_LARGE, V_NIL, V_NIL)
    return 1
  }
  const length = i32(total)
  if (length <= LIMIT_SHORT_STRING) {
    fill(TEXT, from, last)
    store<i64>(from, stringWord(intern(TEXT, length)))
    return from
  }
  if (!charge(total >> 6)) return 0
  const s = tryLongString(length)
  if (!s) return 0
  fill(bytesOf(s), from, last)
  store<i64>(from, stringWord(s))
  return from
}

function fill(to: usize, from: usize, last: usize): void {
  let at = to
  for (let slot = from; slot <= last; slot += 8) {
    const s = objectAt(slot)
    copyBytes(at, bytesOf(s), lengthOf(s))
    at += usize(lengthOf(s))
  }
}

function concatByMetamethod(pc: usize, first: usize, last: usize): usize {
  const a = load<i64>(last - 8)
  const b = load<i64>(last)
  let f = metamethodOf(a, EVENT_CONCAT)
  if (f == V_NIL) f = metamethodOf(b, EVENT_CONCAT)
  if (f != V_NIL) return callMeta(pc, f, a, b)
  const left = !isText(last - 8)
  raiseOperand(MSG_CONCATENATE, left ? a : b, i32(last - first) / 8 - (left ? 1 : 0))
  return load<u32>(G_NEXT_PC)
}
