// Frames: entering functions, returning from them, metamethod calls, the stack. A frame is
//
//     [function][link][registers …]
//                     ^ base
//
// and its link says where to go on (high half) and how to find the caller's base (low half: FRAME_* and,
// above 8 bits, a distance in bytes). Everything that a call needs is in linear memory.

import { callBuiltin } from '../generated/builtins'
import {
  CLOSURE_PROTO,
  EVENT_CALL,
  FRAME_AGAIN,
  FRAME_CALL,
  FRAME_FINALIZER,
  FRAME_HOOK,
  FRAME_LOOP,
  FRAME_META,
  FRAME_NEGATED,
  FRAME_TAIL,
  FRAME_VARARG,
  G_ARGS,
  G_AT,
  G_BASE,
  G_BUDGET,
  G_CALL_AT,
  G_CALL_COUNT,
  G_CALL_LINK,
  G_EXPIRED,
  G_FUEL,
  G_GC_PC,
  G_GRACE,
  G_HOOK,
  G_NEXT_PC,
  G_PC,
  G_REASON,
  G_REGISTRY,
  G_REQUEST,
  G_REQUEST_ID,
  G_SELF,
  G_STACK_END,
  G_STACK_NEED,
  G_STACK_SLOTS,
  G_THREAD,
  G_TOP,
  LIMIT_GRACE_FUEL,
  LIMIT_HANDLER_SLOTS,
  LIMIT_STACK_RESERVE,
  LINK_DISTANCE,
  MEM_HEAP,
  MSG_CALL,
  MSG_NO_FUEL,
  MSG_NO_TIME,
  MSG_STACK_OVERFLOW,
  NATIVE_ID,
  PROTO_CODE,
  PROTO_FRAME,
  PROTO_PARAMETERS,
  REQUEST_HOST,
  STATIC_HOOK,
  STATIC_INVOKE,
  STATIC_OVERFLOW,
  STATIC_RETRY,
  STATIC_STOP,
  STOP_ERROR,
  STOP_FUEL,
  STOP_REQUEST,
  T_BUILTIN,
  T_CLOSURE,
  T_HOST,
  T_NIL,
  TABLE_ARRAY,
  THREAD_OPEN,
  THREAD_STACK,
  THREAD_STACK_BYTES,
  UPVALUE_AT,
  UPVALUE_NEXT,
  V_NIL,
} from '../generated/layout'
import { CONTROL, NO_ROOM } from './arguments'
import { afterHook, payStep } from './debug-hook'
import { finishMeta } from './finish'
import { payForValues, payOwed } from './fuel'
import { outOfMemory, safePoint } from './gc'
import { afterFinalizer } from './gc-final'
import { copyWordsUp, free, tryRaw } from './memory'
import { metamethodOf } from './metatable'
import { raiseMessage, raiseOperand } from './raise'
import { boolean, high, isFunctionTag, isTrue, objectAt, tagAt } from './value'

/** Slots for the frame of a library function's Lua version. */
const SLOW_FRAME: i32 = 64
/** Values whose __call stand for each other, one after the other, until there is a function. */
const LONGEST_CHAIN: i32 = 200
/** Bytes of a stack from which on it keeps a part for message handlers. */
const LARGE_STACK: i32 = 8192

/** A link: return address, kind of frame, distance in bytes. */
export function link(next: usize, kind: i32, distance: i32): i64 {
  return (i64(next) << 32) | i64(kind | (distance << 8))
}

/** End of the running frame's registers: the first slot that a metamethod's frame may use. */
export function frameEnd(base: usize): usize {
  if (tagAt(base - 16) == T_CLOSURE) {
    const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
    return base + (usize(load<u8>(proto, PROTO_FRAME)) << 3)
  }
  return load<u32>(G_TOP)
}

/** Stop with this reason once the handler's result is executed. */
export function stop(reason: i32): usize {
  store<i32>(G_REASON, reason)
  return STATIC_STOP
}

/**
 * The slice's fuel is spent before the instruction at `pc`. With budget left, the VM stops (0); otherwise
 * the script gets an error that it may catch, and a last bit of fuel to clean up with.
 */
export function fuelSpent(pc: usize): usize {
  if (pc == STATIC_STOP) {
    store<i64>(G_FUEL, -1) // it gives back one, which it has not cost here
    return pc
  }
  if (load<u32>(G_HOOK) && payStep(pc)) return pc >= usize(MEM_HEAP) ? usize(STATIC_HOOK) : pc
  store<u32>(G_AT, u32(pc))
  if (pc >= usize(MEM_HEAP)) store<u32>(G_PC, u32(pc)) // for messages; not one of the fixed instructions
  if (load<i64>(G_BUDGET) > 0) {
    store<i32>(G_REASON, STOP_FUEL)
    return 0
  }
  if (load<i32>(G_GRACE)) {
    store<i32>(G_REASON, STOP_ERROR)
    store<i32>(G_GRACE, 2)
    return 0
  }
  store<i32>(G_GRACE, 1)
  store<i64>(G_FUEL, LIMIT_GRACE_FUEL)
  raiseMessage(load<i32>(G_EXPIRED) ? MSG_NO_TIME : MSG_NO_FUEL, V_NIL, V_NIL)
  return load<u32>(G_NEXT_PC)
}

/**
 * Moves the current stack to one of at least `bytes` bytes and the reserves, and adjusts G_BASE, G_TOP and
 * G_ARGS. False: there is no room for it, or it would be too large.
 */
export function growStack(bytes: i32): bool {
  const thread: usize = load<u32>(G_THREAD)
  const old: usize = load<u32>(thread, THREAD_STACK)
  const oldBytes = load<i32>(thread, THREAD_STACK_BYTES)
  const most = load<i32>(G_STACK_SLOTS) << 3
  const plain = bytes + (LIMIT_STACK_RESERVE << 3)
  const needed = plain + keptForHandlers(plain << 1)
  if (needed > most) return false
  const doubled = oldBytes << 1
  const wanted = doubled < most ? doubled : most
  let stack: usize = wanted > needed ? tryRaw(wanted) : 0
  if (!stack) stack = tryRaw(needed)
  if (!stack) return false
  const size = load<i32>(stack) // the block may be a little larger
  let i: i32 = 8
  for (; i < oldBytes; i += 8) store<i64>(stack + i, load<i64>(old + i))
  for (; i + 8 <= size; i += 8) store<i64>(stack + i, V_NIL)
  const moved = i32(stack - old)
  moveOpenUpvalues(thread, moved)
  store<u32>(thread, u32(stack), THREAD_STACK)
  store<i32>(thread, size & ~7, THREAD_STACK_BYTES)
  free(old)
  setStackEnd()
  store<i32>(G_BASE, load<i32>(G_BASE) + moved)
  store<i32>(G_TOP, load<i32>(G_TOP) + moved)
  store<i32>(G_ARGS, load<i32>(G_ARGS) + moved)
  return true
}

function moveOpenUpvalues(thread: usize, moved: i32): void {
  let upvalue: usize = load<u32>(thread, THREAD_OPEN)
  while (upvalue) {
    store<i32>(upvalue, load<i32>(upvalue, UPVALUE_AT) + moved, UPVALUE_AT)
    upvalue = load<u32>(upvalue, UPVALUE_NEXT)
  }
}

/** What a stack of so many bytes keeps for message handlers, so that they can run when the rest is full. */
function keptForHandlers(size: i32): i32 {
  if (size < LARGE_STACK) return 0
  const part = (size >> 3) & ~7
  return part < LIMIT_HANDLER_SLOTS << 3 ? part : LIMIT_HANDLER_SLOTS << 3
}

/** Sets G_STACK_END for the current coroutine. */
export function setStackEnd(): void {
  const size = load<i32>(load<u32>(G_THREAD), THREAD_STACK_BYTES)
  openForHandlers()
  store<i32>(G_STACK_END, load<i32>(G_STACK_END) - keptForHandlers(size))
}

/** Lets the current coroutine use what is kept for message handlers, until setStackEnd. */
export function openForHandlers(): void {
  const thread: usize = load<u32>(G_THREAD)
  const end = load<i32>(thread, THREAD_STACK) + load<i32>(thread, THREAD_STACK_BYTES)
  store<i32>(G_STACK_END, end - (LIMIT_STACK_RESERVE << 3))
}

function hasSlots(at: usize, slots: i32): bool {
  return at + (usize(slots) << 3) <= usize(load<u32>(G_STACK_END))
}

/** Bytes of the current stack up to `slots` slots from `at` on. */
function stackBytes(at: usize, slots: i32): i32 {
  return i32(at - usize(load<u32>(load<u32>(G_THREAD), THREAD_STACK))) + (slots << 3)
}

/**
 * Is there room for `slots` slots from `at` on? False: go on at G_NEXT_PC, where the stack grows and the
 * instruction at G_PC is executed again, or raises if it can't grow.
 */
export function makeRoom(at: usize, slots: i32): bool {
  if (hasSlots(at, slots)) return true
  store<i32>(G_STACK_NEED, stackBytes(at, slots))
  store<u32>(G_GC_PC, load<u32>(G_PC))
  store<u32>(G_NEXT_PC, STATIC_OVERFLOW)
  return false
}

/** Makes room at once, where no instruction can be executed again. False: there is none. The stack may move. */
export function reserveSlots(at: usize, slots: i32): bool {
  return hasSlots(at, slots) || growStack(stackBytes(at, slots))
}

/** Enters the Lua function at `at` with `count` arguments above its link slot; returns its first instruction. */
export function enterClosure(next: i64, at: usize, count: i32): usize {
  const proto: usize = load<u32>(objectAt(at), CLOSURE_PROTO)
  const base = at + 16
  if (!makeRoom(base, load<u8>(proto, PROTO_FRAME))) return load<u32>(G_NEXT_PC)
  const parameters: i32 = load<u8>(proto, PROTO_PARAMETERS)
  for (let i = count; i < parameters; i++) store<i64>(base + (usize(i) << 3), V_NIL)
  store<i64>(base - 8, next)
  store<u32>(G_BASE, u32(base))
  store<u32>(G_TOP, u32(base + (usize(count) << 3)))
  return proto + PROTO_CODE
}

/** Calls the value at `at`, whatever it is, with `count` arguments; the frame's link is `next`. */
export function invoke(next: i64, at: usize, count: i32): usize {
  const n = makeCallable(at, count)
  return n < 0 ? usize(load<u32>(G_NEXT_PC)) : invokeCallable(next, at, n, count)
}

/**
 * Puts the function at `at` that a call of the value there ends up with, by way of __call. Number of arguments, which
 * the called values have joined; negative: go on at G_NEXT_PC, with everything as it was.
 */
export function makeCallable(at: usize, count: i32): i32 {
  return isFunctionTag(tagAt(at)) ? count : insertCalls(at, count)
}

/** The same for what is no function: its __call takes the place, with the value itself as first argument, and so on. */
function insertCalls(at: usize, count: i32): i32 {
  let f = load<i64>(at)
  let more: i32 = 0
  for (; !isFunctionTag(high(f)); more++) {
    if (more == LONGEST_CHAIN) return raiseMessage(MSG_STACK_OVERFLOW, V_NIL, V_NIL)
    const value = f
    f = metamethodOf(value, EVENT_CALL)
    if (high(f) == T_NIL) return raiseOperand(MSG_CALL, value, 0)
  }
  const first = at + 16 + (usize(more) << 3)
  if (!makeRoom(first, count + 1)) return CONTROL
  payForValues(count)
  copyWordsUp(first, at + 16, count << 3)
  f = load<i64>(at)
  for (let slot = first - 8; slot >= at + 16; slot -= 8) {
    store<i64>(slot, f)
    f = metamethodOf(f, EVENT_CALL)
  }
  store<i64>(at, f)
  return count + more
}

/** Calls the function that makeCallable has put at `at` for a call with `count` arguments, which are `n` now. */
export function invokeCallable(next: i64, at: usize, n: i32, count: i32): usize {
  const base = load<u32>(G_BASE)
  const tag = tagAt(at)
  let then: usize
  if (tag == T_CLOSURE) then = enterClosure(next, at, n)
  else if (tag == T_HOST) then = requestHost(next, at, n)
  else {
    const isNative = tag != T_BUILTIN
    if (isNative) store<u32>(G_SELF, u32(objectAt(at)))
    then = invokeBuiltin(isNative ? load<i32>(objectAt(at), NATIVE_ID) : load<i32>(at), next, at, n)
  }
  // the instruction that is to be executed again must find the call as it was
  const isAgain = then == STATIC_RETRY || then == STATIC_OVERFLOW || then == usize(load<u32>(G_PC))
  if (n > count && isAgain && load<u32>(G_BASE) == base) removeCalls(at, n, count)
  return then
}

/** Takes inserted functions away again: the called value is the last of those before the first argument. */
export function removeCalls(at: usize, n: i32, count: i32): void {
  if (n == count) return
  const first = at + 16 + (usize(n - count) << 3)
  store<i64>(at, load<i64>(first - 8))
  for (let i: i32 = 0; i < count; i++)
    store<i64>(at + 16 + (usize(i) << 3), load<i64>(first + (usize(i) << 3)))
}

function invokeBuiltin(id: i32, next: i64, at: usize, count: i32): usize {
  const args = at + 16
  store<i64>(at + 8, next) // for those that go on elsewhere; results overwrite it
  store<u32>(G_ARGS, u32(args))
  payOwed()
  payForValues(count)
  const results = callBuiltin(id, args, count)
  return results >= 0 ? safePoint(returnBy(args, next, at, results)) : builtinStopped(results)
}

/** A library function has not come to an end. */
export function builtinStopped(why: i32): usize {
  if (why == CONTROL) return load<u32>(G_NEXT_PC)
  if (why == NO_ROOM) return outOfMemory(load<u32>(G_PC))
  return load<u32>(G_PC) // AGAIN: the fuel is spent, and the next instruction stops
}

/** A function registered from outside: stop, and let the driver answer. */
function requestHost(next: i64, at: usize, count: i32): usize {
  store<i64>(at + 8, next)
  store<i32>(G_REQUEST, REQUEST_HOST)
  store<i32>(G_REQUEST_ID, load<i32>(at))
  store<u32>(G_ARGS, u32(at + 16))
  store<u32>(G_TOP, u32(at + 16 + (usize(count) << 3)))
  return stop(STOP_REQUEST)
}

/** Calls the Lua function `f` in place of the running library function, with the same arguments. */
export function callInstead(args: usize, count: i32, f: i64): i32 {
  if (!makeRoom(args, count + SLOW_FRAME)) return CONTROL // while the call is still as it was
  const at = args - 16
  store<i64>(at, f)
  store<u32>(G_CALL_AT, u32(at))
  store<i32>(G_CALL_COUNT, count)
  store<i64>(G_CALL_LINK, load<i64>(at + 8))
  store<u32>(G_NEXT_PC, STATIC_INVOKE)
  return CONTROL
}

/** The Lua version of a library function, for the cases that the builtin leaves to it: an element of the registry. */
export function slowVersion(builtin: i32): i64 {
  return load<i64>(usize(load<u32>(load<u32>(G_REGISTRY), TABLE_ARRAY)) + (usize(builtin) << 3))
}

/**
 * Calls metamethod `f` with two operands, above the running frame; the instruction at `pc` finishes with
 * its first result.
 */
export function callMeta(pc: usize, f: i64, a: i64, b: i64): usize {
  return callMetaWith(link(pc + 8, FRAME_META, 0), f, a, b, 2)
}

/** The same with a given kind of frame; a third argument, if any, is already in place (at frameEnd + 32). */
export function callMetaWith(next: i64, f: i64, a: i64, b: i64, count: i32): usize {
  const base: usize = load<u32>(G_BASE)
  const at = frameEnd(base)
  const distance = i64(at + 16 - base)
  // the reserve has room for the arguments
  store<i64>(at, f)
  store<i64>(at + 16, a)
  store<i64>(at + 24, b)
  return later(next | (distance << 8), at, count)
}

/** Makes a call from deep inside the VM: Lua functions are entered at once, others by the instruction INVOKE. */
export function later(next: i64, at: usize, count: i32): usize {
  if (tagAt(at) == T_CLOSURE) return enterClosure(next, at, count)
  store<u32>(G_CALL_AT, u32(at))
  store<i32>(G_CALL_COUNT, count)
  store<i64>(G_CALL_LINK, next)
  return STATIC_INVOKE
}

/** The distance in a link's low half. */
function distanceOf(low: i32): usize {
  return usize((low >> 8) & LINK_DISTANCE)
}

/** Base of the frame that called the one at `base`, for plain calls and metamethods alike. */
export function callerOf(base: usize): usize {
  let b = base
  let kind = load<i32>(b - 8)
  while ((kind & 255) == FRAME_VARARG) {
    b -= usize(kind >> 8)
    kind = load<i32>(b - 8)
  }
  if ((kind & 255) == FRAME_CALL) {
    const next: usize = load<u32>(b - 8, 4)
    return b - 16 - (usize(load<u8>(next - 8, 1)) << 3)
  }
  return b - distanceOf(kind)
}

/** Address of the function slot of the frame at `base`, below the moved part of a vararg frame. */
export function functionSlot(base: usize): usize {
  let b = base
  while ((load<i32>(b - 8) & 255) == FRAME_VARARG) b -= usize(load<i32>(b - 8) >> 8)
  return b - 16
}

/** Return address of the frame at `base`. */
export function returnAddress(base: usize): usize {
  return load<u32>(functionSlot(base) + 8, 4)
}

/** Ends the frame at `base` with `count` values from `from` on; returns the next instruction. */
export function returnValues(base: usize, from: usize, count: i32): usize {
  return returnBy(functionSlot(base) + 16, load<i64>(functionSlot(base) + 8), from, count)
}

/** Ends the frame at `base`, whose own link `next` was, with `count` values from `from` on. */
export function returnBy(base: usize, next: i64, from: usize, count: i32): usize {
  let at = base
  let back = next
  while ((i32(back) & 255) == FRAME_TAIL) {
    at = functionSlot(at - distanceOf(i32(back))) + 16
    back = load<i64>(at - 8)
  }
  const kind = i32(back)
  const address = usize(back >> 32)
  if ((kind & 255) == FRAME_CALL) {
    const call = address - 8
    store<u32>(G_BASE, u32(at - 16 - (usize(load<u8>(call, 1)) << 3)))
    deliver(at - 16, i32(load<u8>(call, 3)) - 1, from, count)
    return address
  }
  store<u32>(G_BASE, u32(at - distanceOf(kind)))
  if ((kind & 255) == FRAME_AGAIN) {
    store<u32>(G_TOP, u32(at - 16)) // where the open list ended, if there was one
    return address
  }
  if ((kind & 255) == FRAME_FINALIZER) return afterFinalizer(at, address)
  if ((kind & 255) == FRAME_HOOK) return afterHook(at, address)
  if ((kind & 255) == FRAME_LOOP) {
    deliver(at - 16, load<u8>(address - 8, 3), from, count)
    return address
  }
  const value = count > 0 ? load<i64>(from) : V_NIL
  return finishMeta(address, (kind & 255) == FRAME_NEGATED ? boolean(!isTrue(value)) : value)
}

/** Copies results down to where the caller expects them: `wanted` of them, or all (-1, sets G_TOP). */
export function deliver(to: usize, wanted: i32, from: usize, count: i32): void {
  const n = wanted < 0 || count < wanted ? count : wanted
  payForValues(n)
  for (let i = 0; i < n; i++) store<i64>(to + (usize(i) << 3), load<i64>(from + (usize(i) << 3)))
  if (wanted < 0) store<u32>(G_TOP, u32(to + (usize(n) << 3)))
  else for (let i = n; i < wanted; i++) store<i64>(to + (usize(i) << 3), V_NIL)
}
