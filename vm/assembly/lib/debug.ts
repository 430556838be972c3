// The debug library: levels are frames, 0 the library function itself, 1 the function that called it.
import {
  CLOSURE_COUNT,
  CLOSURE_PROTO,
  CLOSURE_UPVALUES,
  EVENT_GC,
  G_BASE,
  G_PC,
  G_SHARED,
  MSG_LEVEL_RANGE,
  MSG_NIL_OR_TABLE_TYPE,
  NATIVE_ID,
  PROTO_END,
  PROTO_FIRST_LINE,
  PROTO_LAST_LINE,
  PROTO_LOCAL_OFFSET,
  PROTO_PARAMETERS,
  PROTO_UPVALUE_OFFSET,
  PROTO_VARARG,
  PROTO_WORDS,
  T_BUILTIN,
  T_CLOSURE,
  T_EMPTY,
  T_LIGHT,
  T_NATIVE,
  T_NIL,
  T_TABLE,
  TABLE_META,
  UPVALUE_AT,
  V_NIL,
} from '../../generated/layout'
import { CONTROL, checkInteger, integerArgument, NO_ROOM, one, result } from '../arguments'
import { constantString, lineAt, operandName, section, sourceOf, wordIndex } from '../debug-info'
import { callerOf, functionSlot, returnAddress } from '../frames'
import { barrier } from '../gc'
import { register } from '../gc-final'
import { builtinName, putChunkName, startMessage, takeMessage } from '../message'
import { fastMetamethod, metatableOf, setTypeMetatable } from '../metatable'
import { raiseArgument, raiseArgumentType } from '../raise'
import { stringWord } from '../string'
import { touch } from '../table'
import { bottomBase } from '../unwind'
import { boolean, high, isFunctionTag, low, objectAt, tableWord, tagAt, tagged } from '../value'

/** Base of the frame at a level ≥ 1 of the current coroutine; 0 if there is none. Frames of unwinding don't count. */
function frameAt(level: i64): usize {
  const bottom = bottomBase()
  let base: usize = load<u32>(G_BASE)
  let left = level
  while (base > bottom) {
    if (tagAt(functionSlot(base)) != T_EMPTY) {
      left--
      if (left == 0) return base
    }
    base = callerOf(base)
  }
  return 0
}

/** Code address that the frame at `base` is executing: it must be reached from the running one. */
function addressIn(base: usize): usize {
  let b: usize = load<u32>(G_BASE)
  let pc: usize = load<u32>(G_PC)
  while (b > base) {
    pc = returnAddress(b) - 8
    b = callerOf(b)
  }
  return pc
}

/** Entry of the name by which the frame at `base` was called; 0 if unknown. Its proto is the caller's. */
function callName(base: usize): i32 {
  const caller = callerOf(base)
  if (base <= bottomBase() || tagAt(caller - 16) != T_CLOSURE) return 0
  const proto: usize = load<u32>(objectAt(caller - 16), CLOSURE_PROTO)
  const word = wordIndex(proto, returnAddress(base) - 8)
  return word < 0 || word >= load<i32>(proto, PROTO_WORDS) ? 0 : operandName(proto, word, 0)
}

/**
 * getinfo(level or function): eleven values for vm/lua/debug.lua, which makes the table of them: function, source, short source,
 * first line, last line, current line, name, kind of name, upvalues, parameters, vararg. Nothing for a level out of range.
 */
export function debugGetinfo(args: usize, count: i32): i32 {
  let base: usize = 0
  let f: i64
  if (count > 0 && isFunctionTag(tagAt(args))) f = load<i64>(args)
  else {
    if (!checkInteger(args, count, 0)) return CONTROL
    base = frameAt(integerArgument(args, 0))
    if (!base) return 0
    f = load<i64>(functionSlot(base))
  }
  const entry = base ? callName(base) : 0
  const nameProto: usize = entry ? usize(load<u32>(objectAt(callerOf(base) - 16), CLOSURE_PROTO)) : 0
  const pc = base ? addressIn(base) : 0
  result(args, 0, f)
  if (high(f) == T_CLOSURE) describeLua(args, low(f), pc)
  else describeBuiltin(args, f)
  result(args, 6, entry ? stringWord(constantString(nameProto, entry)) : V_NIL)
  result(args, 7, i64(entry >>> 24))
  return 11
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

/** The name of a library function takes the place of the source. */
function describeBuiltin(args: usize, f: i64): void {
  const tag = high(f)
  if (tag == T_BUILTIN) result(args, 1, stringWord(builtinName(i32(low(f)))))
  else if (tag == T_NATIVE) result(args, 1, stringWord(builtinName(load<i32>(low(f), NATIVE_ID))))
  else result(args, 1, V_NIL)
  result(args, 2, V_NIL)
  result(args, 3, -1)
  result(args, 4, -1)
  result(args, 5, -1)
  result(args, 8, 0)
  result(args, 9, 0)
  result(args, 10, boolean(true))
}

/** Register of the n-th local variable active at `pc`, and its name in the first result; -1: none. */
function findLocal(args: usize, proto: usize, pc: usize, n: i64): i32 {
  const word = wordIndex(proto, pc)
  let at = section(proto, PROTO_LOCAL_OFFSET)
  const end = section(proto, PROTO_END)
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

/** Slot of local `n` at a level; its name is the first result. 0: no such variable, 1: raised. */
function localSlot(args: usize, count: i32): usize {
  if (!checkInteger(args, count, 0) || !checkInteger(args, count, 1)) return 1
  const n = integerArgument(args, 1)
  const base = frameAt(integerArgument(args, 0))
  if (!base) {
    raiseArgument(1, MSG_LEVEL_RANGE)
    return 1
  }
  if (tagAt(base - 16) != T_CLOSURE) return 0
  const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
  const register = findLocal(args, proto, addressIn(base), n)
  return register < 0 ? 0 : base + (usize(register) << 3)
}

export function debugGetlocal(args: usize, count: i32): i32 {
  const slot = localSlot(args, count)
  if (slot == 1) return CONTROL
  if (!slot) return one(args, V_NIL)
  result(args, 1, load<i64>(slot))
  return 2
}

export function debugSetlocal(args: usize, count: i32): i32 {
  const v = count > 2 ? load<i64>(args + 16) : V_NIL
  const slot = localSlot(args, count)
  if (slot == 1) return CONTROL
  if (!slot) return one(args, V_NIL)
  store<i64>(slot, v)
  return 1
}

/** Upvalue `n` of the Lua function in argument 0; 0: none, 1: raised. */
function upvalueArgument(args: usize, count: i32, i: i32): usize {
  if (!checkInteger(args, count, i + 1)) return 1
  const at = args + (usize(i) << 3)
  if (!isFunctionTag(tagAt(at))) return 1
  if (tagAt(at) != T_CLOSURE) return 0
  const n = integerArgument(args, i + 1)
  if (n < 1 || n > i64(load<u16>(objectAt(at), CLOSURE_COUNT))) return 0
  return objectAt(at) + CLOSURE_UPVALUES + (usize(n - 1) << 2)
}

function upvalueName(args: usize): i64 {
  const proto: usize = load<u32>(objectAt(args), CLOSURE_PROTO)
  const n = usize(integerArgument(args, 1) - 1)
  return stringWord(constantString(proto, load<i32>(section(proto, PROTO_UPVALUE_OFFSET) + (n << 3), 4)))
}

export function debugGetupvalue(args: usize, count: i32): i32 {
  const at = upvalueArgument(args, count, 0)
  if (at == 1) return raiseArgument(1, MSG_LEVEL_RANGE)
  if (!at) return 0
  const v = load<i64>(load<u32>(load<u32>(at), UPVALUE_AT))
  result(args, 0, upvalueName(args))
  result(args, 1, v)
  return 2
}

export function debugSetupvalue(args: usize, count: i32): i32 {
  const at = upvalueArgument(args, count, 0)
  if (at == 1) return raiseArgument(1, MSG_LEVEL_RANGE)
  if (!at) return 0
  const upvalue: usize = load<u32>(at)
  const v = count > 2 ? load<i64>(args + 16) : V_NIL
  store<i64>(load<u32>(upvalue, UPVALUE_AT), v)
  barrier(upvalue, v)
  return one(args, upvalueName(args))
}

export function debugUpvalueid(args: usize, count: i32): i32 {
  const at = upvalueArgument(args, count, 0)
  if (at == 1) return raiseArgument(1, MSG_LEVEL_RANGE)
  return one(args, at ? tagged(T_LIGHT, load<u32>(at)) : V_NIL)
}

export function debugUpvaluejoin(args: usize, count: i32): i32 {
  const to = upvalueArgument(args, count, 0)
  const from = count > 3 ? upvalueArgument(args, count, 2) : 1
  if (to <= 1) return raiseArgument(2, MSG_LEVEL_RANGE)
  if (from <= 1) return raiseArgument(4, MSG_LEVEL_RANGE)
  store<u32>(to, load<u32>(from))
  return 0
}

export function debugGetmetatable(args: usize, count: i32): i32 {
  const meta = metatableOf(count > 0 ? load<i64>(args) : V_NIL)
  return one(args, meta ? tableWord(meta) : V_NIL)
}

export function debugSetmetatable(args: usize, count: i32): i32 {
  const tag = count > 1 ? tagAt(args + 8) : 0
  if (tag != T_NIL && tag != T_TABLE) return raiseArgumentType(args, count, 1, MSG_NIL_OR_TABLE_TYPE)
  const meta: usize = tag == T_TABLE ? objectAt(args + 8) : 0
  if (tagAt(args) == T_TABLE) {
    if (high(fastMetamethod(meta, EVENT_GC)) != T_NIL && !register(objectAt(args))) return NO_ROOM
    store<u32>(objectAt(args), u32(meta), TABLE_META)
    touch(objectAt(args))
  } else setTypeMetatable(tagAt(args), meta)
  return one(args, load<i64>(args))
}

export function debugGetregistry(args: usize, count: i32): i32 {
  return one(args, tableWord(load<u32>(G_SHARED)))
}
