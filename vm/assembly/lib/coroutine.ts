// Coroutines.

import { BUILTIN_COROUTINE_WRAPPED } from '../../generated/builtins'
import {
  FRAME_FINALIZER,
  G_GC_FINALIZE,
  G_MAIN,
  G_NESTED,
  G_NEXT_PC,
  G_SELF,
  G_THREAD,
  G_TOP,
  G_YIELDABLE,
  KIND_NATIVE,
  LIMIT_NESTED,
  MSG_CLOSE_NORMAL,
  MSG_CLOSE_RUNNING,
  MSG_COROUTINE_EXPECTED,
  MSG_FUNCTION_EXPECTED,
  MSG_RESUME_DEAD,
  MSG_RESUME_RUNNING,
  MSG_STATUS,
  MSG_TOO_DEEP,
  MSG_YIELD_ACROSS,
  MSG_YIELD_OUTSIDE,
  NATIVE_BYTES,
  NATIVE_COUNT,
  NATIVE_ID,
  NATIVE_VALUES,
  STATUS_DEAD,
  STATUS_NORMAL,
  STATUS_RUNNING,
  STATUS_SUSPENDED,
  STOP_YIELD,
  T_NATIVE,
  T_THREAD,
  THREAD_HOOKING,
  THREAD_STACK,
  THREAD_STATUS,
  THREAD_TOP,
  V_FALSE,
  V_NIL,
} from '../../generated/layout'
import { CONTROL, NO_ROOM, one, result } from '../arguments'
import { closeThread, deliverToResumer, resumeThread, saveThread, tryThread } from '../coroutine'
import { stop } from '../frames'
import { newObject } from '../memory'
import { messageText } from '../message'
import { raiseArgumentType, raiseBare, raiseMessage } from '../raise'
import { isInside } from '../unwind'
import { boolean, isFunctionTag, objectAt, tagAt, tagged } from '../value'

function statusOf(thread: usize): i32 {
  return load<u16>(thread, THREAD_STATUS)
}

/** Argument 0 as a coroutine; 0: raised. */
function threadArgument(args: usize, count: i32): usize {
  if (count > 0 && tagAt(args) == T_THREAD) return objectAt(args)
  raiseArgumentType(args, count, 0, MSG_COROUTINE_EXPECTED)
  return 0
}

/** A coroutine for the function in argument 0; 0: no room. */
function make(args: usize): usize {
  const thread = tryThread()
  if (!thread) return 0
  store<i64>(usize(load<u32>(thread, THREAD_STACK)) + 24, load<i64>(args))
  store<u32>(thread, 40, THREAD_TOP)
  return thread
}

export function coroutineCreate(args: usize, count: i32): i32 {
  if (count < 1 || !isFunctionTag(tagAt(args)))
    return raiseArgumentType(args, count, 0, MSG_FUNCTION_EXPECTED)
  const thread = make(args)
  return thread ? one(args, tagged(T_THREAD, thread)) : NO_ROOM
}

export function coroutineWrap(args: usize, count: i32): i32 {
  if (count < 1 || !isFunctionTag(tagAt(args)))
    return raiseArgumentType(args, count, 0, MSG_FUNCTION_EXPECTED)
  const thread = make(args)
  if (!thread) return NO_ROOM
  const native = newObject(NATIVE_BYTES, KIND_NATIVE)
  store<u16>(native, 1, NATIVE_COUNT)
  store<i32>(native, BUILTIN_COROUTINE_WRAPPED, NATIVE_ID)
  store<i64>(native, tagged(T_THREAD, thread), NATIVE_VALUES)
  return one(args, tagged(T_NATIVE, native))
}

/** The message why a coroutine can't be resumed; 0 if it can. */
function refusal(thread: usize): i32 {
  const status = statusOf(thread)
  if (status == STATUS_SUSPENDED) return load<i32>(G_NESTED) < LIMIT_NESTED ? 0 : MSG_TOO_DEEP
  return status == STATUS_DEAD ? MSG_RESUME_DEAD : MSG_RESUME_RUNNING
}

export function coroutineResume(args: usize, count: i32): i32 {
  const thread = threadArgument(args, count)
  if (!thread) return CONTROL
  const why = refusal(thread)
  if (why) {
    result(args, 0, V_FALSE)
    result(args, 1, messageText(why))
    return 2
  }
  store<u32>(G_NEXT_PC, u32(resumeThread(thread, args, args + 8, count - 1)))
  return CONTROL
}

/** Call of a function that coroutine.wrap has made. */
export function coroutineWrapped(args: usize, count: i32): i32 {
  const thread = objectAt(usize(load<u32>(G_SELF)) + NATIVE_VALUES)
  const why = refusal(thread)
  if (why) return raiseMessage(why, V_NIL, V_NIL)
  store<u32>(G_NEXT_PC, u32(resumeThread(thread, args, args, count)))
  return CONTROL
}

/** Could what runs in a coroutine yield? Not in a hook, nor in a finalizer. */
function mayYield(thread: usize): bool {
  if (thread == usize(load<u32>(G_MAIN)) && !load<i32>(G_YIELDABLE)) return false
  if (load<i32>(thread, THREAD_HOOKING)) return false
  return thread != usize(load<u32>(G_THREAD)) || !load<i32>(G_GC_FINALIZE) || !isInside(FRAME_FINALIZER)
}

export function coroutineYield(args: usize, count: i32): i32 {
  const isMain = load<u32>(G_THREAD) == load<u32>(G_MAIN)
  if (!mayYield(load<u32>(G_THREAD))) {
    const outside = isMain && !load<i32>(G_YIELDABLE)
    return raiseBare(outside ? MSG_YIELD_OUTSIDE : MSG_YIELD_ACROSS, V_NIL, V_NIL)
  }
  if (isMain) {
    store<u32>(G_TOP, u32(args + (usize(count) << 3)))
    store<u32>(G_NEXT_PC, u32(stop(STOP_YIELD)))
    return CONTROL
  }
  saveThread(STATUS_SUSPENDED, args)
  store<u32>(G_NEXT_PC, u32(deliverToResumer(true, args, count)))
  return CONTROL
}

export function coroutineStatus(args: usize, count: i32): i32 {
  const thread = threadArgument(args, count)
  if (!thread) return CONTROL
  return one(args, messageText(MSG_STATUS + statusOf(thread)))
}

export function coroutineIsyieldable(args: usize, count: i32): i32 {
  const thread: usize = count > 0 ? threadArgument(args, count) : usize(load<u32>(G_THREAD))
  if (!thread) return CONTROL
  return one(args, boolean(mayYield(thread)))
}

export function coroutineRunning(args: usize, count: i32): i32 {
  result(args, 0, tagged(T_THREAD, load<u32>(G_THREAD)))
  result(args, 1, boolean(load<u32>(G_THREAD) == load<u32>(G_MAIN)))
  return 2
}

export function coroutineClose(args: usize, count: i32): i32 {
  const thread = threadArgument(args, count)
  if (!thread) return CONTROL
  const status = statusOf(thread)
  if (status == STATUS_RUNNING) return raiseMessage(MSG_CLOSE_RUNNING, V_NIL, V_NIL)
  if (status == STATUS_NORMAL) return raiseMessage(MSG_CLOSE_NORMAL, V_NIL, V_NIL)
  store<u32>(G_NEXT_PC, u32(closeThread(thread, args)))
  return CONTROL
}
