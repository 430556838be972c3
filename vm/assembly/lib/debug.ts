// The debug library: levels are frames, 0 the library function itself, 1 the function that called it.
import {
  CLOSURE_COUNT,
  CLOSURE_PROTO,
  CLOSURE_UPVALUES,
  EVENT_GC,
  FRAME_VARARG,
  G_HOOK_COUNT,
  G_HOOK_FIRST,
  G_LEVEL_BASE,
  G_LEVEL_HOOKED,
  G_LEVEL_LIMIT,
  G_LEVEL_PC,
  G_LEVEL_SLOT,
  G_SHARED,
  G_THREAD,
  LIMIT_STACK_SLOTS,
  LINK_TAILED,
  MSG_FUNCTION_EXPECTED,
  MSG_LEVEL_RANGE,
  MSG_NAME_C_TEMPORARY,
  MSG_NAME_TEMPORARY,
  MSG_NAME_VARARG,
  MSG_NIL_OR_TABLE_TYPE,
  MSG_UPVALUE_INDEX,
  MSG_VALUE_EXPECTED,
  NATIVE_COUNT,
  PROTO_CODE,
  PROTO_FIRST_LINE,
  PROTO_LAST_LINE,
  PROTO_LINE_OFFSET,
  PROTO_LIVE_OFFSET,
  PROTO_LOCAL_OFFSET,
  PROTO_PARAMETERS,
  PROTO_VARARG,
  PROTO_WORDS,
  T_BUILTIN,
  T_CLOSURE,
  T_LIGHT,
  T_NATIVE,
  T_NIL,
  T_TABLE,
  T_THREAD,
  THREAD_HOOK,
  UPVALUE_AT,
  V_NIL,
} from '../../generated/layout'
import {
  argument,
  CONTROL,
  checkInteger,
  checkOptionalInteger,
  integerArgument,
  NO_ROOM,
  one,
  optionalInteger,
  result,
  stringArgument,
} from '../arguments'
import { clamp, distance, MOST_SIZE, REFUSED, within } from '../checked'
import { CALLS, COUNTS, hookCount, hookEvents, hookFunction, LINES, RETURNS, setHook } from '../debug-hook'
import { constantString, lineAt, section, sourceOf, upvalueName, wordIndex } from '../debug-info'
import { functionSlot } from '../frames'
import { pay, payForLevels } from '../fuel'
import { register } from '../gc-final'
import { barrier } from '../gc-mark'
import { levelName, nameOfLevel } from '../level-name'
import { firstLevel, goToLevel, levelFunction, nextLevel, ofSlowVersion } from '../levels'
import { isLibrary, messageText, putByte, putChunkName, startMessage, takeMessage } from '../message'
import { fastMetamethod, metatableOf, setTypeMetatable } from '../metatable'
import { raiseArgument, raiseArgumentType } from '../raise'
import { bytesOf, lengthOf, stringWord } from '../string'
import { set, setMetatable, touch } from '../table'
import { boolean, high, isFunctionTag, low, objectAt, tableWord, tagAt, tagged } from '../value'

/** Argument 0 as a coroutine, if it is one; else the current one. */
function threadOf(args: usize, count: i32): usize {
  return count > 0 && tagAt(args) == T_THREAD ? objectAt(args) : usize(load<u32>(G_THREAD))
}

/** The number of arguments that a coroutine takes up: 1 or 0. */
function shift(args: usize, count: i32): i32 {
  return count > 0 && tagAt(args) == T_THREAD ? 1 : 0
}

/**
 * getinfo([coroutine,] level or function): values for vm/lua/debug.lua, which makes a table of them: function, source,
 * short source, first line, last line, current line, name, kind of name, upvalues, parameters, vararg, whether it is a
 * tail call, first argument or result of a hook's event, and their number. Library functions have no source. Nothing for a
 * level out of range.
 */
export function debugGetinfo(args: usize, count: i32): i32 {
  const i = shift(args, count)
  let pc: usize = 0
  let f: i64
  let name: i32 = 0
  let tail = false
  let hooked = false
  if (count > i && isFunctionTag(tagAt(argument(args, i)))) f = load<i64>(argument(args, i))
  else {
    if (!checkInteger(args, count, i)) return CONTROL
    if (!goToLevel(threadOf(args, count), integerArgument(args, i))) return 0
    f = load<i64>(levelFunction())
    name = levelName()
    const slot: usize = load<u32>(G_LEVEL_SLOT)
    if (!slot) pc = load<u32>(G_LEVEL_PC)
    tail = !slot && (load<i32>(functionSlot(load<u32>(G_LEVEL_BASE)) + 8) & LINK_TAILED) != 0
    hooked = load<i32>(G_LEVEL_HOOKED) != 0
  }
  result(args, 0, f)
  if (high(f) == T_CLOSURE && !isLibrary(load<u32>(low(f), CLOSURE_PROTO))) describeLua(args, low(f), pc)
  else describeBuiltin(args, f)
  describeName(args, name)
  result(args, 11, boolean(tail))
  result(args, 12, hooked ? i64(load<i32>(G_HOOK_FIRST)) : 0)
  result(args, 13, hooked ? i64(load<i32>(G_HOOK_COUNT)) : 0)
  return 14
}

function describeName(args: usize, name: i32): void {
  result(args, 6, name ? stringWord(nameOfLevel(name)) : V_NIL)
  result(args, 7, i64(name >>> 24))
}

function describeLua(args: usize, closure: usize, pc: usize): void {
  const proto: usize = load<u32>(closure, CLOSURE_PROTO)
  startMessage()
  putChunkName(sourceOf(proto))
  result(args, 1, stringWord(sourceOf(proto)))
  result(args, 2, stringWord(takeMessage()))
  result(args, 3, i64(load<i32>(proto, PROTO_FIRST_LINE)))
  result(args, 4, i64(load<i32>(proto, PROTO_LAST_LINE)))
  const word = pc ? wordIndex(proto, pc) : -1
  const known = word >= 0 && word < load<i32>(proto, PROTO_WORDS)
  result(args, 5, known ? i64(lineAt(proto, word)) : -1)
  result(args, 8, i64(load<u16>(closure, CLOSURE_COUNT)))
  result(args, 9, i64(load<u8>(proto, PROTO_PARAMETERS)))
  result(args, 10, boolean(load<u8>(proto, PROTO_VARARG) != 0))
}

/** A library function; one that is a Lua version of another is that other. */
function describeBuiltin(args: usize, f: i64): void {
  if (high(f) == T_CLOSURE) {
    const id = ofSlowVersion(f)
    if (id >= 0) result(args, 0, tagged(T_BUILTIN, usize(id)))
  }
  result(args, 1, V_NIL)
  result(args, 2, V_NIL)
  result(args, 3, -1)
  result(args, 4, -1)
  result(args, 5, -1)
  result(args, 8, high(f) == T_NATIVE ? i64(load<u16>(low(f), NATIVE_COUNT)) : 0)
  result(args, 9, 0)
  result(args, 10, boolean(true))
}

/** depth([coroutine]): the number of its levels. */
export function debugDepth(args: usize, count: i32): i32 {
  let depth: i64 = 0
  if (firstLevel(threadOf(args, count))) {
    depth++
    while (nextLevel()) depth++
  }
  payForLevels(i32(depth))
  return one(args, depth)
}

/** activelines(function, table): sets table[line] = true for every line of a Lua function that has code. */
export function debugActivelines(args: usize, count: i32): i32 {
  const proto: usize = load<u32>(objectAt(args), CLOSURE_PROTO)
  let line = load<i32>(proto, PROTO_FIRST_LINE)
  let at = section(proto, PROTO_LINE_OFFSET)
  const words = load<i32>(proto, PROTO_WORDS)
  const first = i32(load<u8>(proto, PROTO_VARARG)) // the function begins behind VARARGPREP
  pay(words)
  for (let i: i32 = 0; i < words; i++) {
    const d: i32 = load<i8>(at)
    line += d == -128 ? load<i32>(at, 1) : d
    at += d == -128 ? 5 : 1
    if (i >= first && !set(objectAt(args + 8), i64(line), boolean(true))) return NO_ROOM
  }
  // the end of a function counts, also where it is never reached
  const end = load<i32>(proto, PROTO_LAST_LINE)
  return end && !set(objectAt(args + 8), i64(end), boolean(true)) ? NO_ROOM : 0
}

/** Register of the n-th local variable active at `pc`, and its name in the first result; -1: none. */
function findLocal(args: usize, proto: usize, pc: usize, n: i64): i32 {
  const word = wordIndex(proto, pc)
  let at = section(proto, PROTO_LOCAL_OFFSET)
  const end = section(proto, PROTO_LIVE_OFFSET)
  let left = n
  for (; at + 12 <= end; at += 12) {
    if ((load<i32>(at, 4) & 0xffffff) > word) break
    if (word >= load<i32>(at, 8)) continue
    left--
    if (left == 0) {
      result(args, 0, stringWord(constantString(proto, load<i32>(at))))
      return load<u8>(at, 7)
    }
  }
  return -1
}

/** Slot of the level's extra argument `n`, counted from 1; 0 if it has no such one. */
function varargSlot(base: usize, proto: usize, n: i64): usize {
  if ((load<i32>(base - 8) & 255) != FRAME_VARARG) return 0
  const distance = usize(load<i32>(base - 8) >> 8)
  const parameters: i32 = load<u8>(proto, PROTO_PARAMETERS)
  const extra = within(n, 1, i64(i32(distance >> 3) - 2 - parameters))
  return extra == REFUSED ? 0 : base - distance + (usize(parameters + i32(extra) - 1) << 3)
}

/** A slot that is no variable's, if the level has it; 0 if not. */
function temporary(at: usize, n: i64): usize {
  const end = at + (usize(within(n, 1, i64(LIMIT_STACK_SLOTS))) << 3)
  return end <= at || end > usize(load<u32>(G_LEVEL_LIMIT)) ? 0 : end - 8
}

/** Slot of variable `n` of the level; its name is the first result. 0: no such variable. */
function variableSlot(args: usize, n: i64): usize {
  const base: usize = load<u32>(G_LEVEL_BASE)
  let slot: usize = load<u32>(G_LEVEL_SLOT)
  let name = MSG_NAME_C_TEMPORARY
  const proto: usize =
    slot || tagAt(base - 16) != T_CLOSURE ? 0 : usize(load<u32>(objectAt(base - 16), CLOSURE_PROTO))
  if (!proto || isLibrary(proto)) slot = temporary(slot ? slot + 16 : base, n)
  else if (n < 0) {
    slot = varargSlot(base, proto, distance(n, 0))
    name = MSG_NAME_VARARG
  } else {
    const register = findLocal(args, proto, load<u32>(G_LEVEL_PC), n)
    if (register >= 0) return base + (usize(register) << 3)
    slot = temporary(base, n)
    name = MSG_NAME_TEMPORARY
  }
  if (slot) result(args, 0, messageText(name))
  return slot
}

/** Goes to the level that argument i tells, for the variable that argument i+1 tells. False: raised. */
function goToLocal(args: usize, count: i32, i: i32): bool {
  if (!checkInteger(args, count, i) || !checkInteger(args, count, i + 1)) return false
  if (!goToLevel(threadOf(args, count), integerArgument(args, i))) {
    raiseArgument(i + 1, MSG_LEVEL_RANGE)
    return false
  }
  // what runs are these functions themselves, whose arguments end here
  if (load<u32>(G_LEVEL_SLOT) == u32(args) - 16) store<u32>(G_LEVEL_LIMIT, u32(argument(args, count)))
  return true
}

export function debugGetlocal(args: usize, count: i32): i32 {
  const i = shift(args, count)
  if (!checkInteger(args, count, i + 1)) return CONTROL
  if (isFunctionTag(tagAt(argument(args, i)))) return parameterName(args, i)
  if (!goToLocal(args, count, i)) return CONTROL
  const slot = variableSlot(args, integerArgument(args, i + 1))
  if (!slot) return one(args, V_NIL)
  result(args, 1, load<i64>(slot))
  return 2
}

/** The name of a function's parameter. */
function parameterName(args: usize, i: i32): i32 {
  const f = load<i64>(argument(args, i))
  if (high(f) != T_CLOSURE) return one(args, V_NIL)
  const proto: usize = load<u32>(low(f), CLOSURE_PROTO)
  const n = integerArgument(args, i + 1)
  if (n > i64(load<u8>(proto, PROTO_PARAMETERS))) return one(args, V_NIL)
  const first = proto + PROTO_CODE + (usize(load<u8>(proto, PROTO_VARARG)) << 3)
  return findLocal(args, proto, first, n) < 0 ? one(args, V_NIL) : 1
}

export function debugSetlocal(args: usize, count: i32): i32 {
  const i = shift(args, count)
  if (!goToLocal(args, count, i)) return CONTROL
  if (count < i + 3) return raiseArgument(i + 3, MSG_VALUE_EXPECTED)
  const v = load<i64>(argument(args, i + 2))
  const slot = variableSlot(args, integerArgument(args, i + 1))
  if (!slot) return one(args, V_NIL)
  store<i64>(slot, v)
  touch(threadOf(args, count)) // a suspended coroutine's stack is visited once
  return 1
}

/** sethook([coroutine,] function, events[, count]): no function, no events: no hook. */
export function debugSethook(args: usize, count: i32): i32 {
  const i = shift(args, count)
  let events: i32 = 0
  let every: i64 = 0
  const f = count > i ? load<i64>(argument(args, i)) : V_NIL
  if (high(f) != T_NIL) {
    const text = stringArgument(args, count, i + 1)
    if (!text) return CONTROL
    if (!isFunctionTag(high(f))) return raiseArgumentType(args, count, i, MSG_FUNCTION_EXPECTED)
    if (!checkOptionalInteger(args, count, i + 2)) return CONTROL
    every = optionalInteger(args, count, i + 2, 0)
    for (let k: i32 = 0; k < lengthOf(text); k++) events |= eventOf(load<u8>(bytesOf(text) + usize(k)))
    if (every > 0) events |= COUNTS
  }
  setHook(threadOf(args, count), f, events, i32(clamp(every, -MOST_SIZE, MOST_SIZE)))
  return 0
}

/** The events that a letter stands for. */
function eventOf(letter: i32): i32 {
  if (letter == 99) return CALLS
  if (letter == 114) return RETURNS
  return letter == 108 ? LINES : 0
}

/** gethook([coroutine]): function, events, count. */
export function debugGethook(args: usize, count: i32): i32 {
  const hook: usize = load<u32>(threadOf(args, count), THREAD_HOOK)
  if (!hook) return one(args, V_NIL)
  const events = hookEvents(hook)
  startMessage()
  if (events & CALLS) putByte(99)
  if (events & RETURNS) putByte(114)
  if (events & LINES) putByte(108)
  result(args, 0, hookFunction(hook))
  result(args, 1, stringWord(takeMessage()))
  result(args, 2, i64(hookCount(hook)))
  return 3
}

/** Upvalue `n` of the Lua function in argument 0; 0: none, 1: raised. */
function upvalueArgument(args: usize, count: i32, i: i32): usize {
  if (!checkInteger(args, count, i + 1)) return 1
  const at = argument(args, i)
  if (!isFunctionTag(tagAt(at))) {
    raiseArgumentType(args, count, i, MSG_FUNCTION_EXPECTED)
    return 1
  }
  // functions of the library look as if they were in C, without upvalues
  if (tagAt(at) != T_CLOSURE || isLibrary(load<u32>(objectAt(at), CLOSURE_PROTO))) return 0
  const n = within(integerArgument(args, i + 1), 1, i64(load<u16>(objectAt(at), CLOSURE_COUNT)))
  return n == REFUSED ? 0 : objectAt(at) + CLOSURE_UPVALUES + (usize(n - 1) << 2)
}

function nameOfUpvalue(args: usize): i64 {
  const proto: usize = load<u32>(objectAt(args), CLOSURE_PROTO)
  const n = i32(integerArgument(args, 1)) // in range: upvalueArgument has found it
  return stringWord(upvalueName(proto, n - 1))
}

export function debugGetupvalue(args: usize, count: i32): i32 {
  const at = upvalueArgument(args, count, 0)
  if (at == 1) return CONTROL
  if (!at) return 0
  const v = load<i64>(load<u32>(load<u32>(at), UPVALUE_AT))
  result(args, 0, nameOfUpvalue(args))
  result(args, 1, v)
  return 2
}

export function debugSetupvalue(args: usize, count: i32): i32 {
  if (count < 3) return raiseArgument(3, MSG_VALUE_EXPECTED)
  const at = upvalueArgument(args, count, 0)
  if (at == 1) return CONTROL
  if (!at) return 0
  const upvalue: usize = load<u32>(at)
  const v = load<i64>(args + 16)
  store<i64>(load<u32>(upvalue, UPVALUE_AT), v)
  barrier(upvalue, v)
  return one(args, nameOfUpvalue(args))
}

export function debugUpvalueid(args: usize, count: i32): i32 {
  const at = upvalueArgument(args, count, 0)
  if (at == 1) return CONTROL
  return one(args, at ? tagged(T_LIGHT, load<u32>(at)) : V_NIL)
}

export function debugUpvaluejoin(args: usize, count: i32): i32 {
  const to = upvalueArgument(args, count, 0)
  if (to == 1) return CONTROL
  if (!to) return raiseArgument(2, MSG_UPVALUE_INDEX)
  const from = upvalueArgument(args, count, 2)
  if (from == 1) return CONTROL
  if (!from) return raiseArgument(4, MSG_UPVALUE_INDEX)
  store<u32>(to, load<u32>(from))
  touch(objectAt(args))
  return 0
}

export function debugGetmetatable(args: usize, count: i32): i32 {
  if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
  const meta = metatableOf(load<i64>(args))
  return one(args, meta ? tableWord(meta) : V_NIL)
}

export function debugSetmetatable(args: usize, count: i32): i32 {
  const tag = count > 1 ? tagAt(args + 8) : 0
  if (tag != T_NIL && tag != T_TABLE) return raiseArgumentType(args, count, 1, MSG_NIL_OR_TABLE_TYPE)
  const meta: usize = tag == T_TABLE ? objectAt(args + 8) : 0
  if (tagAt(args) == T_TABLE) {
    if (high(fastMetamethod(meta, EVENT_GC)) != T_NIL && !register(objectAt(args))) return NO_ROOM
    setMetatable(objectAt(args), meta)
  } else setTypeMetatable(tagAt(args), meta)
  return one(args, load<i64>(args))
}

export function debugGetregistry(args: usize, count: i32): i32 {
  return one(args, tableWord(load<u32>(G_SHARED)))
}
