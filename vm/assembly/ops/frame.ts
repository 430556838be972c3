// Instructions of the fixed code: what follows calls that no Lua function has made.
import { BUILTIN_BASE_XPCALL } from '../../generated/builtins'
import {
  FRAME_AGAIN,
  G_CALL_AT,
  G_CALL_COUNT,
  G_CALL_LINK,
  G_ERROR,
  G_GC_PC,
  G_STACK_NEED,
  G_THREAD,
  G_TOP,
  MSG_NO_MEMORY,
  MSG_STACK_OVERFLOW,
  STATIC_OVERFLOW,
  STATIC_RETRY,
  STATUS_DEAD,
  STOP_DONE,
  THREAD_PC,
  THREAD_STATUS,
  V_TRUE,
} from '../../generated/layout'
import { composeError } from '../compose'
import { deliverToResumer } from '../coroutine'
import { hookStep } from '../debug-hook'
import { registerA } from '../decode'
import { growStack, invoke, returnBy, stop } from '../frames'
import { collectHere, retry } from '../gc'
import { finalizeNext } from '../gc-final'
import { rememberToClose, throwValue, unwind } from '../unwind'

function openCount(from: usize): i32 {
  return i32(usize(load<u32>(G_TOP)) - from) >> 3
}

export function opHalt(pc: usize, base: usize): usize {
  return stop(STOP_DONE)
}

export function opCoend(pc: usize, base: usize): usize {
  const thread: usize = load<u32>(G_THREAD)
  store<u16>(thread, u16(STATUS_DEAD), THREAD_STATUS)
  store<u32>(thread, 0, THREAD_PC)
  return deliverToResumer(true, base, openCount(base))
}

/** The results begin at R[0] for pcall; xpcall keeps its handler there, and they begin at R[1]. */
export function opPcallend(pc: usize, base: usize): usize {
  const next = load<i64>(base - 8)
  const from = load<i32>(base - 16) == BUILTIN_BASE_XPCALL ? base + 8 : base
  store<i64>(from - 8, V_TRUE)
  return returnBy(base, next, from - 8, openCount(from) + 1)
}

export function opThrow(pc: usize, base: usize): usize {
  if (load<u8>(pc, 1)) store<i64>(G_ERROR, composeError())
  return throwValue(load<i64>(G_ERROR))
}

export function opCollect(pc: usize, base: usize): usize {
  return collectHere()
}

export function opRetry(pc: usize, base: usize): usize {
  if (!load<u8>(pc, 1)) return retry(MSG_NO_MEMORY, pc)
  return growStack(load<i32>(G_STACK_NEED)) ? usize(load<u32>(G_GC_PC)) : retry(MSG_STACK_OVERFLOW, pc)
}

export function opFinalize(pc: usize, base: usize): usize {
  return finalizeNext()
}

export function opHook(pc: usize, base: usize): usize {
  return hookStep()
}

export function opInvoke(pc: usize, base: usize): usize {
  const next = load<i64>(G_CALL_LINK)
  const then = invoke(next, load<u32>(G_CALL_AT), load<i32>(G_CALL_COUNT))
  if (then != STATIC_RETRY && then != STATIC_OVERFLOW) return then
  if ((i32(next) & 255) == FRAME_AGAIN) rememberToClose() // the instruction that closes comes again
  return then
}

export function opUnwind(pc: usize, base: usize): usize {
  return unwind(load<i64>(registerA(pc, base)))
}
