// The basic functions.

import {
  BUILTIN_BASE_IPAIRSNEXT,
  BUILTIN_BASE_NEXT,
  BUILTIN_BASE_PAIRS,
  BUILTIN_BASE_TOSTRING,
  BUILTIN_BASE_XPCALL,
} from '../../generated/builtins'
import {
  EVENT_GC,
  EVENT_METATABLE,
  EVENT_PAIRS,
  EVENT_TOSTRING,
  G_BASE,
  G_GC_DEBT,
  G_GC_FINALIZE,
  G_GC_PAUSE,
  G_GC_STEP,
  G_GC_STEPMUL,
  G_GC_STOPPED,
  G_LEVEL_BASE,
  G_LEVEL_PC,
  G_LEVEL_SLOT,
  G_NEXT_PC,
  G_PEAK,
  G_REQUEST,
  G_THREAD,
  G_TOP,
  G_USED,
  MSG_ASSERT,
  MSG_BAD_SELECT,
  MSG_BASE_RANGE,
  MSG_FALSE,
  MSG_FUNCTION_EXPECTED,
  MSG_INDEX_NIL,
  MSG_INVALID_KEY,
  MSG_NIL_OR_TABLE_TYPE,
  MSG_PROTECTED_META,
  MSG_STRING_EXPECTED,
  MSG_TABLE_OR_STRING,
  MSG_TRUE,
  MSG_VALUE_EXPECTED,
  REQUEST_COMPILE,
  STATIC_PCALL,
  STATIC_XPCALL,
  STOP_REQUEST,
  T_BLOCK,
  T_BUILTIN,
  T_FALSE,
  T_NIL,
  T_TABLE,
  T_TRUE,
  TABLE_META,
  V_NIL,
} from '../../generated/layout'
import {
  argument,
  CONTROL,
  checkInteger,
  checkOptionalInteger,
  integerArgument,
  isNone,
  NO_ROOM,
  one,
  optionalInteger,
  result,
  stringArgument,
  tableArgument,
} from '../arguments'
import { clamp, cut, MOST_SIZE, REFUSED, within } from '../checked'
import { rawEqual } from '../compare'
import { callInstead, frameEnd, functionSlot, makeRoom, slowVersion, stop } from '../frames'
import { pay, payForLevels } from '../fuel'
import { collectStep } from '../gc'
import { register } from '../gc-final'
import { nextLevel, runningLevel } from '../levels'
import { copyWordsUp, URGENT } from '../memory'
import { putByte, putMessage, putString, startMessage, takeMessage, withPosition } from '../message'
import { describeType, eventName, fastMetamethod, metamethodOf, metatableOf, typeNameOf } from '../metatable'
import { integerToString, parseBase, parsedInteger, parseInteger } from '../number'
import { raise, raiseArgument, raiseArgumentType, raiseBare, raiseMessage } from '../raise'
import { bytesOf, lengthOf, stringWord } from '../string'
import { border, get, getString, keyAt, nextPosition, positionOf, set, setMetatable, valueAt } from '../table'
import { bottomOf, catcherIn } from '../unwind'
import {
  boolean,
  high,
  integer,
  integerOf,
  isFunctionTag,
  isIntegerTag,
  isStringTag,
  isTrue,
  low,
  objectAt,
  tableWord,
  tagAt,
  tagged,
} from '../value'
import { dataTostring } from './data'

export function baseType(args: usize, count: i32): i32 {
  if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
  return one(args, stringWord(typeNameOf(tagAt(args))))
}

export function baseRawget(args: usize, count: i32): i32 {
  const t = tableArgument(args, count, 0)
  if (!t) return CONTROL
  if (count < 2) return raiseArgument(2, MSG_VALUE_EXPECTED)
  return one(args, get(t, load<i64>(args + 8)))
}

export function baseRawset(args: usize, count: i32): i32 {
  const t = tableArgument(args, count, 0)
  if (!t) return CONTROL
  if (count < 3) return raiseArgument(count + 1, MSG_VALUE_EXPECTED)
  if (tagAt(args + 8) == T_NIL) return raiseBare(MSG_INDEX_NIL, V_NIL, V_NIL)
  if (!set(t, load<i64>(args + 8), load<i64>(args + 16))) return NO_ROOM
  return one(args, tableWord(t))
}

export function baseRawequal(args: usize, count: i32): i32 {
  if (count < 2) return raiseArgument(count + 1, MSG_VALUE_EXPECTED)
  return one(args, boolean(rawEqual(load<i64>(args), load<i64>(args + 8))))
}

export function baseRawlen(args: usize, count: i32): i32 {
  const tag = count > 0 ? tagAt(args) : T_NIL
  if (tag == T_TABLE) return one(args, border(objectAt(args)))
  if (isStringTag(tag)) return one(args, i64(lengthOf(objectAt(args))))
  return raiseArgumentType(args, count, 0, MSG_TABLE_OR_STRING)
}

export function baseNext(args: usize, count: i32): i32 {
  const t = tableArgument(args, count, 0)
  if (!t) return CONTROL
  const before = count > 1 ? positionOf(t, load<i64>(args + 8)) : 0
  if (before < 0) return raiseBare(MSG_INVALID_KEY, V_NIL, V_NIL)
  const position = nextPosition(t, before)
  if (!position) return one(args, V_NIL)
  result(args, 0, keyAt(t, position))
  result(args, 1, load<i64>(valueAt(t, position)))
  return 2
}

export function baseSelect(args: usize, count: i32): i32 {
  if (count > 0 && isStringTag(tagAt(args))) {
    const s = objectAt(args)
    if (lengthOf(s) == 1 && load<u8>(bytesOf(s)) == 35) return one(args, i64(count - 1))
  }
  if (!checkInteger(args, count, 0)) return CONTROL
  let n = i32(clamp(integerArgument(args, 0), -1 - i64(count), i64(count)))
  if (n < 0) n += count
  if (n < 1) return raiseArgument(1, MSG_BAD_SELECT)
  const results = count - n
  for (let i: i32 = 0; i < results; i++) result(args, i, load<i64>(args + (usize(i + n) << 3)))
  return results
}

export function baseGetmetatable(args: usize, count: i32): i32 {
  if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
  const meta = metatableOf(load<i64>(args))
  if (!meta) return one(args, V_NIL)
  const shown = getString(meta, eventName(EVENT_METATABLE))
  return one(args, high(shown) == T_NIL ? tableWord(meta) : shown)
}

export function baseSetmetatable(args: usize, count: i32): i32 {
  const t = tableArgument(args, count, 0)
  if (!t) return CONTROL
  const tag = count > 1 ? tagAt(args + 8) : 0
  if (tag != T_NIL && tag != T_TABLE) return raiseArgumentType(args, count, 1, MSG_NIL_OR_TABLE_TYPE)
  const old: usize = load<u32>(t, TABLE_META)
  if (old && high(getString(old, eventName(EVENT_METATABLE))) != T_NIL)
    return raiseMessage(MSG_PROTECTED_META, V_NIL, V_NIL)
  const meta: usize = tag == T_NIL ? 0 : objectAt(args + 8)
  if (high(fastMetamethod(meta, EVENT_GC)) != T_NIL && !register(t)) return NO_ROOM
  setMetatable(t, meta)
  return one(args, tableWord(t))
}

export function baseTonumber(args: usize, count: i32): i32 {
  if (isNone(args, count, 1)) {
    if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
    const tag = tagAt(args)
    if (isIntegerTag(tag)) return one(args, load<i64>(args))
    if (isStringTag(tag) && parseInteger(objectAt(args))) return one(args, parsedInteger())
    return one(args, V_NIL)
  }
  if (!checkInteger(args, count, 1)) return CONTROL
  const base = within(integerArgument(args, 1), 2, 36)
  if (!isStringTag(tagAt(args))) return raiseArgumentType(args, count, 0, MSG_STRING_EXPECTED)
  if (base == REFUSED) return raiseArgument(2, MSG_BASE_RANGE)
  return one(args, parseBase(objectAt(args), i32(base)) ? parsedInteger() : V_NIL)
}

/** `name: 0x0001a2b8` */
function putIdentity(v: i64): void {
  putString(describeType(v))
  putByte(58)
  putByte(32)
  putByte(48)
  putByte(120)
  const at = u32(low(v))
  for (let shift: i32 = 28; shift >= 0; shift -= 4) {
    const digit = i32((at >> shift) & 15)
    putByte(digit < 10 ? 48 + digit : 87 + digit)
  }
}

/** Text of a value without regard to __tostring. */
export function plainText(v: i64): usize {
  const tag = high(v)
  if (isStringTag(tag)) return low(v)
  if (isIntegerTag(tag)) return integerToString(integerOf(v))
  if (tag == T_NIL) return typeNameOf(tag)
  startMessage()
  if (tag == T_TRUE) putMessage(MSG_TRUE, V_NIL, V_NIL)
  else if (tag == T_FALSE) putMessage(MSG_FALSE, V_NIL, V_NIL)
  else putIdentity(v)
  return takeMessage()
}

export function baseTostring(args: usize, count: i32): i32 {
  if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
  const v = load<i64>(args)
  if (isStringTag(high(v))) return one(args, v)
  if (high(v) == T_BLOCK) return dataTostring(args, count)
  if (metamethodOf(v, EVENT_TOSTRING) != V_NIL)
    return callInstead(args, count, slowVersion(BUILTIN_BASE_TOSTRING))
  return one(args, stringWord(plainText(v)))
}

/** Never called: its number is that of the function in vm/lua/base.lua that calls a finalizer. */
export function baseFinalize(args: usize, count: i32): i32 {
  return 0
}

/** A metamethod or other field of a value's metatable, by name: for the library written in Lua. */
export function baseMetafield(args: usize, count: i32): i32 {
  if (count < 2) return raiseArgument(count + 1, MSG_VALUE_EXPECTED)
  const meta = metatableOf(load<i64>(args))
  return one(args, meta ? get(meta, load<i64>(args + 8)) : V_NIL)
}

export function baseIpairs(args: usize, count: i32): i32 {
  if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
  const t = load<i64>(args)
  result(args, 0, tagged(T_BUILTIN, BUILTIN_BASE_IPAIRSNEXT))
  result(args, 1, t)
  result(args, 2, 0)
  return 3
}

export function baseIpairsnext(args: usize, count: i32): i32 {
  const i = integerOf(load<i64>(args + 8)) + 1 // a value: the reference's index wraps, too
  if (tagAt(args) == T_TABLE) {
    const v = get(objectAt(args), integer(i))
    if (high(v) != T_NIL || !load<u32>(objectAt(args), TABLE_META)) {
      if (high(v) == T_NIL) return one(args, V_NIL)
      result(args, 0, integer(i))
      result(args, 1, v)
      return 2
    }
  }
  return callInstead(args, count, slowVersion(BUILTIN_BASE_IPAIRSNEXT))
}

export function basePairs(args: usize, count: i32): i32 {
  if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
  const t = load<i64>(args)
  if (metamethodOf(t, EVENT_PAIRS) != V_NIL) return callInstead(args, count, slowVersion(BUILTIN_BASE_PAIRS))
  result(args, 0, tagged(T_BUILTIN, BUILTIN_BASE_NEXT))
  result(args, 1, t)
  result(args, 2, V_NIL)
  return 3
}

export function baseAssert(args: usize, count: i32): i32 {
  if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
  if (isTrue(load<i64>(args))) {
    for (let i: i32 = 0; i < count; i++) result(args, i, load<i64>(args + (usize(i) << 3)))
    return count
  }
  if (count == 1) return raiseMessage(MSG_ASSERT, V_NIL, V_NIL)
  return raiseAt(load<i64>(args + 8), 1)
}

/** error(message, level): a string message gets the position of the function at the level. */
export function baseError(args: usize, count: i32): i32 {
  if (!checkOptionalInteger(args, count, 1)) return CONTROL
  const level = optionalInteger(args, count, 1, 1)
  return raiseAt(count > 0 ? load<i64>(args) : V_NIL, level)
}

/** Raises a value; a string gets the position of the function at a level ≥ 1. */
function raiseAt(v: i64, level: i64): i32 {
  if (!isStringTag(high(v)) || level <= 0) return raise(v)
  runningLevel()
  let outward: i64 = 0
  while (outward < level && nextLevel()) outward++
  payForLevels(i32(outward))
  if (outward < level || load<u32>(G_LEVEL_SLOT)) return raise(v)
  const text = withPosition(load<u32>(G_LEVEL_BASE), load<u32>(G_LEVEL_PC), v)
  return text ? raise(text) : NO_ROOM
}

/** Goes on at fixed code in a frame whose base is the first argument. */
function enterStatic(args: usize, code: i32, top: usize): i32 {
  store<u32>(G_BASE, u32(args))
  store<u32>(G_TOP, u32(top))
  store<u32>(G_NEXT_PC, u32(code))
  return CONTROL
}

/** The function stays in R[0]; its arguments move up by the link's slot. */
export function basePcall(args: usize, count: i32): i32 {
  if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
  if (!makeRoom(args, count + 2)) return CONTROL
  copyWordsUp(args + 16, args + 8, (count - 1) << 3)
  return enterStatic(args, STATIC_PCALL, args + 8 + (usize(count) << 3))
}

/** R[0] the handler, R[1] the function, arguments from R[3]. */
export function baseXpcall(args: usize, count: i32): i32 {
  if (count < 2 || !isFunctionTag(tagAt(args + 8)))
    return raiseArgumentType(args, count, 1, MSG_FUNCTION_EXPECTED)
  if (!makeRoom(args, count + 2)) return CONTROL
  copyWordsUp(args + 24, args + 16, (count - 2) << 3)
  const f = load<i64>(args)
  store<i64>(args, load<i64>(args + 8))
  store<i64>(args + 8, f)
  return enterStatic(args, STATIC_XPCALL, args + 8 + (usize(count) << 3))
}

/** The message handler of an xpcall, if that is what would catch an error; else nothing: for the library written in Lua. */
export function baseHandlerof(args: usize, count: i32): i32 {
  const thread: usize = load<u32>(G_THREAD)
  const catcher = catcherIn(thread, load<u32>(G_BASE))
  const slot = functionSlot(catcher)
  if (catcher == bottomOf(thread) || load<i64>(slot) != tagged(T_BUILTIN, BUILTIN_BASE_XPCALL)) return 0
  return one(args, load<i64>(catcher))
}

/** request(kind, …): asks whoever drives the state; the answer is the result. */
export function baseRequest(args: usize, count: i32): i32 {
  if (!checkInteger(args, count, 0)) return CONTROL
  const kind = within(integerArgument(args, 0), REQUEST_COMPILE, MOST_SIZE)
  if (!stringArgument(args, count, 1)) return CONTROL
  if (kind == REQUEST_COMPILE && !stringArgument(args, count, 2)) return CONTROL
  store<i32>(G_REQUEST, i32(kind))
  store<u32>(G_TOP, u32(argument(args, count)))
  store<u32>(G_NEXT_PC, u32(stop(STOP_REQUEST)))
  return CONTROL
}

/** Bytes of a state, in a power of two, that a whole collection visits for a unit of fuel. */
const COLLECTED_BYTES: i32 = 6

/** The least and the most that a step's work may be set to, in powers of two: a hook waits for no more than one. */
const LEAST_STEP: i64 = 6
const MOST_STEP: i64 = 14

/** Sets a parameter in percent, which is kept as the reference keeps it: in a byte, in units of 4. The one before. */
function setPercent(at: usize, n: i64): i64 {
  const old = load<i32>(at)
  store<i32>(at, cut(n / 4, 8) << 2)
  return i64(old)
}

function setStep(n: i64): void {
  store<i32>(G_GC_STEP, 1 << i32(clamp(n, LEAST_STEP, MOST_STEP)))
}

/** Clears what the rest of the frame has from before the function was called: nothing shall be kept alive by it. */
function clearAbove(at: usize): void {
  const end = frameEnd(load<u32>(G_BASE))
  for (let slot = at; slot < end; slot += 8) store<i64>(slot, V_NIL)
}

/**
 * collect(what, argument): 0 full, 1 step (KiB), 2 bytes in use, 3 stop, 4 restart, 5 running?, 6 pause, 7 step
 * multiplier, 8 peak, 9 a step's work (power of two). Within a finalizer nothing is done, and the result is nil.
 */
export function baseCollect(args: usize, count: i32): i32 {
  if (!checkInteger(args, count, 0) || !checkOptionalInteger(args, count, 1)) return CONTROL
  const what = i32(within(integerArgument(args, 0), 0, 9))
  const n = optionalInteger(args, count, 1, 0)
  if (what == 8) return one(args, i64(load<i32>(G_PEAK)))
  if (load<i32>(G_GC_FINALIZE)) return one(args, V_NIL)
  if (what == 0) {
    pay(load<i32>(G_USED) >> COLLECTED_BYTES)
    store<i32>(G_GC_DEBT, URGENT) // a full cycle at the safe point behind this call
    clearAbove(args + (usize(count) << 3))
    return one(args, 0)
  }
  if (what == 1) {
    const bytes = i32(clamp(n, 0, 1 << 20)) << 10 // no state has more KiB
    const used = load<i32>(G_USED)
    pay((n >= 0 && bytes < used ? bytes : used) >> COLLECTED_BYTES)
    return one(args, boolean(collectStep(i64(bytes))))
  }
  if (what == 2) return one(args, i64(load<i32>(G_USED)))
  if (what == 3 || what == 4) {
    store<i32>(G_GC_STOPPED, what == 3 ? 1 : 0)
    return one(args, 0)
  }
  if (what == 5) return one(args, boolean(load<i32>(G_GC_STOPPED) == 0))
  if (what == 6) return one(args, setPercent(G_GC_PAUSE, n))
  if (what == 7) return one(args, setPercent(G_GC_STEPMUL, n))
  setStep(n)
  return one(args, 0)
}
