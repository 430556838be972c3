// Unwinding: from the point of an error to the protected call, coroutine or call from outside that
// catches it, through message handlers and to-be-closed variables. Calls on the way run in frames of
// their own, marked by an EMPTY function slot; the error value lives in their registers:
//
//     [EMPTY][link to the frame below]  R[0] error  R[1] function called  R[2] link  R[3] … arguments
import { BUILTIN_BASE_PCALL, BUILTIN_BASE_XPCALL } from '../generated/builtins'
import {
  CLOSURE_PROTO,
  EVENT_CLOSE,
  FRAME_FINALIZER,
  FRAME_HOOK,
  FRAME_META,
  G_BASE,
  G_HANDLER,
  G_MATCH_ACTIVE,
  G_PC,
  G_STACK_END,
  G_THREAD,
  G_TOP,
  MSG_CLOSE_VALUE,
  MSG_ERROR_IN_HANDLER,
  MSG_FOR_STATE,
  MSG_TOO_DEEP,
  PROTO_LIVE_OFFSET,
  PROTO_LOCAL_OFFSET,
  STATIC_CLOSING,
  STATIC_HANDLER,
  STATUS_DEAD,
  STOP_ERROR,
  T_BUILTIN,
  T_EMPTY,
  T_NIL,
  THREAD_BASE,
  THREAD_CLOSING,
  THREAD_ERROR,
  THREAD_HOOKING,
  THREAD_PC,
  THREAD_RESUMER,
  THREAD_STACK,
  THREAD_STATUS,
  THREAD_TBC,
  THREAD_TBC_COUNT,
  THREAD_TBC_SIZE,
  THREAD_TOP,
  V_EMPTY,
  V_FALSE,
  V_NIL,
} from '../generated/layout'
import { deliverToResumer, saveThread } from './coroutine'
import { useHook } from './debug-hook'
import { constantString, section, wordIndex } from './debug-info'
import {
  callerOf,
  frameEnd,
  functionSlot,
  link,
  openForHandlers,
  returnBy,
  setStackEnd,
  stop,
} from './frames'
import { payForSteps } from './fuel'
import { warnOfFinalizer } from './gc-final'
import { copyBytes, free, tryRaw } from './memory'
import { messageText } from './message'
import { metamethodOf } from './metatable'
import { raiseMessage } from './raise'
import { stringWord } from './string'
import { closeUpvalues } from './upvalue'
import { high, isTrue, objectAt, tagAt } from './value'

/**
 * A handler is called for its own errors too. So deep within itself it is told of a C stack overflow, as in the
 * reference, and beyond MOST_HANDLERS it has failed.
 */
const DEEP_HANDLERS: i32 = 194
const MOST_HANDLERS: i32 = 214

/** THREAD_CLOSING of a coroutine that an error has ended: it lies as it was then, with the error in THREAD_ERROR. */
export const DIED: i32 = 2

/** Base of the bottom frame of a coroutine. */
export function bottomOf(thread: usize): usize {
  return usize(load<u32>(thread, THREAD_STACK)) + 24
}

/** The same of the current coroutine. */
export function bottomBase(): usize {
  return bottomOf(load<u32>(G_THREAD))
}

/** Does the frame with this function slot catch errors? pcall, xpcall and finalizers do. */
function catches(slot: usize): bool {
  if (load<u8>(slot + 8) == FRAME_FINALIZER) return true
  return (
    tagAt(slot) == T_BUILTIN &&
    (load<i32>(slot) == BUILTIN_BASE_PCALL || load<i32>(slot) == BUILTIN_BASE_XPCALL)
  )
}

/**
 * Base of the innermost protected call's frame at or below `base` in a coroutine, or of the bottom frame. In a coroutine
 * that is being closed, protected calls below the frames of unwinding catch nothing any more.
 */
export function catcherIn(thread: usize, base: usize): usize {
  const bottom = bottomOf(thread)
  const closing = load<i32>(thread, THREAD_CLOSING) != 0
  let b = base
  let frames: i32 = 0
  while (b > bottom && !catches(functionSlot(b))) {
    b = closing && tagAt(functionSlot(b)) == T_EMPTY ? bottom : callerOf(b)
    frames++
  }
  payForSteps(frames)
  return b
}

function findCatcher(base: usize): usize {
  return catcherIn(load<u32>(G_THREAD), base)
}

/** Does a finalizer, or whatever has frames of this kind, run in the current coroutine? */
export function isInside(kind: i32): bool {
  const bottom = bottomBase()
  let b: usize = load<u32>(G_BASE)
  let frames: i32 = 0
  while (b > bottom && i32(load<u8>(functionSlot(b) + 8)) != kind) {
    b = callerOf(b)
    frames++
  }
  payForSteps(frames)
  return b > bottom
}

/** The frame of unwinding between `base` and the catcher, if the error is one of a handler or __close; else 0. */
function handlingFrame(base: usize, catcher: usize): usize {
  let b = base
  while (b > catcher) {
    if (tagAt(functionSlot(b)) == T_EMPTY) return b
    b = callerOf(b)
  }
  return 0
}

/** Frames of unwinding between `base` and the catcher: handlers within handlers, for the most part. */
function depthOf(base: usize, catcher: usize): i32 {
  let depth: i32 = 0
  for (let b = base; b > catcher; b = callerOf(b)) if (tagAt(functionSlot(b)) == T_EMPTY) depth++
  return depth
}

/** The message handler that the catcher asks for; nil if none. */
function handlerOf(catcher: usize): i64 {
  if (catcher == bottomBase()) {
    return usize(load<u32>(load<u32>(G_THREAD), THREAD_RESUMER)) == 0 ? load<i64>(G_HANDLER) : V_NIL
  }
  return load<i32>(catcher - 16) == BUILTIN_BASE_XPCALL ? load<i64>(catcher) : V_NIL
}

/** A value is raised by the instruction at G_PC in the frame at G_BASE. Returns the next instruction. */
export function throwValue(v: i64): usize {
  store<i32>(G_MATCH_ACTIVE, 0)
  if (v == V_EMPTY) return unwind(v) // a coroutine is closed
  const base: usize = load<u32>(G_BASE)
  const catcher = findCatcher(base)
  const handler = handlerOf(catcher)
  if (high(handler) == T_NIL) return unwind(v)
  const frame = handlingFrame(base, catcher)
  // a handler from outside only describes the error: where it fails, as without stack, the error counts
  if (frame && catcher == bottomBase() && load<i64>(frame + 8) == handler) return unwind(load<i64>(frame))
  const depth = frame ? depthOf(base, catcher) : 0
  if (depth > MOST_HANDLERS) return unwind(messageText(MSG_ERROR_IN_HANDLER))
  return callHandler(base, handler, depth == DEEP_HANDLERS ? messageText(MSG_TOO_DEEP) : v, depth)
}

/** Runs the message handler above everything that is in use, so that it can see the failed frames. */
function callHandler(base: usize, handler: i64, v: i64, depth: i32): usize {
  if (!depth) openForHandlers()
  let at: usize = load<u32>(G_TOP)
  const end: usize = usize(load<u32>(G_STACK_END)) + 128
  const here = frameEnd(base)
  if (at < here || at > end) at = here
  if (at > end) return unwind(depth ? messageText(MSG_ERROR_IN_HANDLER) : v)
  return pushFrame(at, STATIC_HANDLER, handler, v, v)
}

/** Pushes a frame of unwinding at `at` that calls `f` with `a` and, for __close, the error. */
function pushFrame(at: usize, code: i32, f: i64, a: i64, v: i64): usize {
  const base: usize = load<u32>(G_BASE)
  const own = at + 16
  store<i64>(at, V_EMPTY)
  store<i64>(at + 8, link(load<u32>(G_PC), FRAME_META, i32(own - base)))
  store<i64>(own, v)
  store<i64>(own + 8, f)
  store<i64>(own + 24, a)
  store<i64>(own + 32, v == V_EMPTY ? V_NIL : v)
  store<u32>(G_BASE, u32(own))
  store<u32>(G_TOP, u32(own + 40))
  return usize(code)
}

/** Unwinds to the catcher with the error `v`, closing variables on the way; EMPTY: a coroutine is closed. */
export function unwind(v: i64): usize {
  const catcher = v == V_EMPTY ? bottomBase() : findCatcher(load<u32>(G_BASE))
  if (v != V_EMPTY && catcher == bottomBase() && staysAsItIs()) return die(v)
  const slot = lastToClose(catcher)
  if (slot) {
    closeUpvalues(slot)
    const value = load<i64>(slot)
    forgetToClose()
    store<u32>(G_BASE, u32(frameHolding(slot, catcher)))
    return pushFrame(slot + 8, STATIC_CLOSING, metamethodOf(value, EVENT_CLOSE), value, v)
  }
  closeUpvalues(catcher)
  setStackEnd()
  if (catcher == bottomBase()) return endThread(v)
  const next = load<i64>(catcher - 8)
  store<u32>(G_BASE, u32(catcher))
  const thread: usize = load<u32>(G_THREAD)
  if (load<i32>(thread, THREAD_HOOKING) && !isInside(FRAME_HOOK)) {
    store<i32>(thread, 0, THREAD_HOOKING)
    useHook()
  }
  if ((i32(next) & 255) == FRAME_FINALIZER) return warnOfFinalizer(catcher, v)
  store<i64>(catcher - 8, V_FALSE)
  store<i64>(catcher, v)
  return returnBy(catcher, next, catcher - 8, 2)
}

/** Base of the frame whose registers include the slot. */
function frameHolding(slot: usize, catcher: usize): usize {
  let b: usize = load<u32>(G_BASE)
  while (b > slot && b > catcher) b = callerOf(b)
  return b
}

/** Does an error that nobody catches leave the coroutine as it is, for the debugger? Not if a wrapping function resumed it. */
function staysAsItIs(): bool {
  const thread: usize = load<u32>(G_THREAD)
  const resumer: usize = load<u32>(thread, THREAD_RESUMER)
  if (!resumer || load<i32>(thread, THREAD_CLOSING)) return false
  return (
    tagAt(usize(load<u32>(resumer, THREAD_STACK)) + usize(load<u32>(resumer, THREAD_TOP)) - 16) == T_BUILTIN
  )
}

/** The error ends the coroutine, whose variables are closed by coroutine.close, if at all. */
function die(v: i64): usize {
  const thread: usize = load<u32>(G_THREAD)
  const base: usize = load<u32>(G_BASE)
  const top: usize = load<u32>(G_TOP)
  const end = frameEnd(base)
  const stack: usize = load<u32>(thread, THREAD_STACK)
  saveThread(STATUS_DEAD, top > end && top <= usize(load<u32>(G_STACK_END)) ? top : end)
  store<i64>(thread, v, THREAD_ERROR)
  store<u32>(thread, DIED, THREAD_CLOSING)
  store<i64>(stack + 8, v) // the bottom frame's function slot: the resumer takes it from there
  return deliverToResumer(false, stack + 8, 1)
}

/** Nobody in this coroutine catches the error: it is dead, and the error goes to whoever resumed it. */
function endThread(v: i64): usize {
  const thread: usize = load<u32>(G_THREAD)
  const bottom = bottomBase()
  store<u32>(G_BASE, u32(bottom))
  store<i64>(bottom, v)
  if (!load<u32>(thread, THREAD_RESUMER)) {
    store<u32>(G_TOP, u32(bottom + 8))
    return stop(STOP_ERROR)
  }
  store<u16>(thread, u16(STATUS_DEAD), THREAD_STATUS)
  store<u32>(thread, 24, THREAD_BASE)
  store<u32>(thread, 32, THREAD_TOP)
  store<u32>(thread, 0, THREAD_PC)
  store<u32>(thread, 0, THREAD_CLOSING)
  return v == V_EMPTY ? deliverToResumer(true, bottom, 0) : deliverToResumer(false, bottom, 1)
}

/** Address of the innermost to-be-closed variable at `level` or above; 0 if there is none. */
export function lastToClose(level: usize): usize {
  const thread: usize = load<u32>(G_THREAD)
  const count = load<i32>(thread, THREAD_TBC_COUNT)
  if (!count) return 0
  const list: usize = load<u32>(thread, THREAD_TBC)
  const slot = usize(load<u32>(thread, THREAD_STACK)) + usize(load<u32>(list + 8 + (usize(count - 1) << 2)))
  return slot >= level ? slot : 0
}

/** The variable forgotten last is to be closed after all. */
export function rememberToClose(): void {
  const thread: usize = load<u32>(G_THREAD)
  store<i32>(thread, load<i32>(thread, THREAD_TBC_COUNT) + 1, THREAD_TBC_COUNT)
}

export function forgetToClose(): void {
  const thread: usize = load<u32>(G_THREAD)
  store<i32>(thread, load<i32>(thread, THREAD_TBC_COUNT) - 1, THREAD_TBC_COUNT)
}

/**
 * Marks the variable in a slot to be closed. 0: done; 1: no room (nothing changed); CONTROL: raised,
 * because the value has no __close. nil and false need no closing.
 */
export function markToClose(slot: usize): i32 {
  const v = load<i64>(slot)
  if (!isTrue(v)) return 0
  if (high(metamethodOf(v, EVENT_CLOSE)) == T_NIL)
    return raiseMessage(MSG_CLOSE_VALUE, variableName(slot), V_NIL)
  const thread: usize = load<u32>(G_THREAD)
  const count = load<i32>(thread, THREAD_TBC_COUNT)
  if (count == load<i32>(thread, THREAD_TBC_SIZE) && !growToClose(thread, count)) return 1
  const list: usize = load<u32>(thread, THREAD_TBC)
  store<u32>(list + 8 + (usize(count) << 2), u32(slot - usize(load<u32>(thread, THREAD_STACK))))
  store<i32>(thread, count + 1, THREAD_TBC_COUNT)
  return 0
}

function growToClose(thread: usize, count: i32): bool {
  const size = count ? count << 1 : 8
  const raw = tryRaw(8 + (size << 2))
  if (!raw) return false
  const old: usize = load<u32>(thread, THREAD_TBC)
  if (old) {
    copyBytes(raw + 8, old + 8, count << 2)
    free(old)
  }
  store<u32>(thread, u32(raw), THREAD_TBC)
  store<i32>(thread, size, THREAD_TBC_SIZE)
  return true
}

/** Name of the local variable in a slot whose scope the instruction at G_PC begins, as a string word. */
function variableName(slot: usize): i64 {
  const base: usize = load<u32>(G_BASE)
  const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
  const word = wordIndex(proto, load<u32>(G_PC))
  const register = i32(slot - base) >> 3
  let at = section(proto, PROTO_LOCAL_OFFSET)
  const end = section(proto, PROTO_LIVE_OFFSET)
  for (; at + 12 <= end; at += 12) {
    const first = load<i32>(at, 4)
    if (i32(load<u8>(at, 7)) == register && (first & 0xffffff) <= word + 1 && word < load<i32>(at, 8))
      return stringWord(constantString(proto, load<i32>(at)))
  }
  return messageText(MSG_FOR_STATE)
}
