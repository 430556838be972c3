// Switching between coroutines: each has its own stack; registers of the VM are saved as distances from
// the stack's start. TOP is where the results of the call that waits (resume or yield) will go.
import {
  G_ARGS,
  G_BASE,
  G_ERROR,
  G_NESTED,
  G_NEXT_PC,
  G_PC,
  G_THREAD,
  G_TOP,
  KIND_THREAD,
  MSG_STACK_OVERFLOW,
  STATIC_COEND,
  STATIC_THROW,
  STATUS_NORMAL,
  STATUS_RUNNING,
  STATUS_SUSPENDED,
  T_BUILTIN,
  TABLE_GRAY,
  THREAD_BASE,
  THREAD_BYTES,
  THREAD_CLOSING,
  THREAD_ERROR,
  THREAD_HOOK,
  THREAD_HOOKING,
  THREAD_OPEN,
  THREAD_PC,
  THREAD_RESUMER,
  THREAD_STACK,
  THREAD_STACK_BYTES,
  THREAD_STATUS,
  THREAD_TBC,
  THREAD_TBC_COUNT,
  THREAD_TBC_SIZE,
  THREAD_TOP,
  V_EMPTY,
  V_FALSE,
  V_NIL,
  V_TRUE,
} from '../generated/layout'
import { useHook } from './debug-hook'
import { reserveSlots, returnValues, setStackEnd } from './frames'
import { safePoint } from './gc'
import { newObject, sizeOf, tryRaw } from './memory'
import { withPosition } from './message'
import { raise, raiseMessage } from './raise'
import { touch } from './table'
import { DIED } from './unwind'
import { high, isStringTag, tagAt } from './value'

/** Slots of a new coroutine's stack, the reserve included. */
const FIRST_STACK: i32 = 56

/** A coroutine with nothing on its stack; 0 if there is no room. */
export function tryThread(): usize {
  const stack = tryRaw(8 + (FIRST_STACK << 3))
  if (!stack) return 0
  const thread = newObject(THREAD_BYTES, KIND_THREAD)
  const bytes = sizeOf(stack)
  for (let i: i32 = 8; i + 8 <= bytes; i += 8) store<i64>(stack + usize(i), V_NIL)
  store<i64>(stack + 16, 0) // link of the bottom frame
  store<u16>(thread, u16(STATUS_SUSPENDED), THREAD_STATUS)
  store<u32>(thread, 0, TABLE_GRAY)
  store<u32>(thread, u32(stack), THREAD_STACK)
  store<i32>(thread, bytes & ~7, THREAD_STACK_BYTES)
  store<u32>(thread, 0, THREAD_PC)
  store<u32>(thread, 24, THREAD_BASE)
  store<u32>(thread, 24, THREAD_TOP)
  store<u32>(thread, 0, THREAD_OPEN)
  store<u32>(thread, 0, THREAD_RESUMER)
  store<u32>(thread, 0, THREAD_TBC)
  store<u32>(thread, 0, THREAD_TBC_COUNT)
  store<u32>(thread, 0, THREAD_TBC_SIZE)
  store<u32>(thread, 0, THREAD_CLOSING)
  store<u32>(thread, 0, THREAD_HOOK)
  store<u32>(thread, 0, THREAD_HOOKING)
  store<i64>(thread, V_NIL, THREAD_ERROR)
  return thread
}

function stackOf(thread: usize): usize {
  return load<u32>(thread, THREAD_STACK)
}

/**
 * Closes a suspended or dead coroutine: its to-be-closed variables are closed in it, in frames of
 * unwinding, with the error that it has died of, if any; the library function at `args` gets true, or false and an error.
 */
export function closeThread(thread: usize, args: usize): usize {
  const resumer: usize = load<u32>(G_THREAD)
  saveThread(STATUS_NORMAL, args)
  enterThread(thread, resumer)
  store<i64>(G_ERROR, load<i32>(thread, THREAD_CLOSING) == DIED ? load<i64>(thread, THREAD_ERROR) : V_EMPTY)
  store<i64>(thread, V_NIL, THREAD_ERROR)
  store<u32>(thread, 1, THREAD_CLOSING)
  return STATIC_THROW
}

/** The values don't fit into the stack of the coroutine that gets them: an error there. */
function overflow(): usize {
  raiseMessage(MSG_STACK_OVERFLOW, V_NIL, V_NIL)
  return load<u32>(G_NEXT_PC)
}

/** Makes `thread` the current coroutine, with its saved frame. */
function switchTo(thread: usize): void {
  touch(thread) // its stack changes from now on
  store<u32>(G_THREAD, u32(thread))
  store<u16>(thread, u16(STATUS_RUNNING), THREAD_STATUS)
  store<u32>(G_BASE, u32(stackOf(thread) + usize(load<u32>(thread, THREAD_BASE))))
  store<u32>(G_TOP, u32(stackOf(thread) + usize(load<u32>(thread, THREAD_TOP))))
  store<u32>(G_PC, load<u32>(thread, THREAD_PC))
  setStackEnd()
  useHook()
}

/** The same, until it comes back to `resumer`. */
function enterThread(thread: usize, resumer: usize): void {
  store<i32>(G_NESTED, load<i32>(G_NESTED) + 1)
  switchTo(thread)
  store<u32>(thread, u32(resumer), THREAD_RESUMER)
}

/** Saves the current frame; `args` is where the waiting call's results will go, two slots below. */
export function saveThread(status: i32, args: usize): void {
  const thread: usize = load<u32>(G_THREAD)
  store<u16>(thread, u16(status), THREAD_STATUS)
  store<u32>(thread, u32(usize(load<u32>(G_BASE)) - stackOf(thread)), THREAD_BASE)
  store<u32>(thread, u32(args - stackOf(thread)), THREAD_TOP)
  store<u32>(thread, load<u32>(G_PC), THREAD_PC)
}

/**
 * Resumes a suspended coroutine with `count` values at `from`, in the current one's stack; `args` are the
 * arguments of the library function that asks. Returns the next instruction.
 */
export function resumeThread(thread: usize, args: usize, from: usize, count: i32): usize {
  const resumer: usize = load<u32>(G_THREAD)
  saveThread(STATUS_NORMAL, args)
  const back = i32(from - stackOf(resumer))
  enterThread(thread, resumer)
  if (!reserveSlots(load<u32>(G_TOP), count + 2)) return overflow()
  const to: usize = load<u32>(G_TOP)
  const values = stackOf(resumer) + usize(back)
  for (let i: i32 = 0; i < count; i++) store<i64>(to + (usize(i) << 3), load<i64>(values + (usize(i) << 3)))
  if (load<u32>(thread, THREAD_PC)) return returnValues(to, to, count)
  // not started: the function lies in R[0], its arguments begin at R[2]
  store<u32>(thread, 1, THREAD_PC)
  store<u32>(G_TOP, u32(to + (usize(count) << 3)))
  return STATIC_COEND
}

/**
 * Goes back to the resumer with `count` values at `from` in the current coroutine's stack: results of
 * resume (after true or false), or of a wrapping function (an error is raised again there).
 */
export function deliverToResumer(fine: bool, from: usize, count: i32): usize {
  const thread: usize = load<u32>(G_THREAD)
  const resumer: usize = load<u32>(thread, THREAD_RESUMER)
  const back = i32(from - stackOf(thread))
  store<u32>(thread, 0, THREAD_RESUMER)
  store<i32>(G_NESTED, load<i32>(G_NESTED) - 1)
  switchTo(resumer)
  store<u32>(G_ARGS, load<u32>(G_TOP))
  if (!reserveSlots(load<u32>(G_TOP), count + 4)) return overflow()
  const args: usize = load<u32>(G_ARGS)
  let values = stackOf(thread) + usize(back)
  const isResume = tagAt(args - 16) == T_BUILTIN // resume or close; a wrapping function is a NATIVE
  if (!isResume && !fine) {
    raise(describeError(load<i64>(values)))
    return safePoint(load<u32>(G_NEXT_PC)) // errors that pass many coroutines make many messages
  }
  // results go first above the arguments, so that nothing is overwritten that is still needed
  let to = args
  if (isResume) {
    store<i64>(to, fine ? V_TRUE : V_FALSE)
    to += 8
  }
  for (let i: i32 = 0; i < count; i++) {
    store<i64>(to, load<i64>(values))
    to += 8
    values += 8
  }
  return returnValues(args, args, isResume ? count + 1 : count)
}

/** A string error that leaves a wrapped coroutine gets the position of the caller, if there is room for that. */
function describeError(v: i64): i64 {
  if (!isStringTag(high(v))) return v
  const text = withPosition(load<u32>(G_BASE), load<u32>(G_PC), v)
  return text ? text : v
}
