// Marking the stacks of coroutines.
import {
  BLOCKHEADER_MARK,
  CLOSURE_PROTO,
  G_BASE,
  G_GC_PC,
  G_GC_PHASE,
  G_THREAD,
  G_TOP,
  MARK_BLACK,
  PHASE_PROPAGATE,
  PROTO_CODE,
  PROTO_LIVE_OFFSET,
  PROTO_WORDS,
  STATUS_DEAD,
  STATUS_SUSPENDED,
  T_CLOSURE,
  THREAD_BASE,
  THREAD_ERROR,
  THREAD_HOOK,
  THREAD_OPEN,
  THREAD_PC,
  THREAD_RESUMER,
  THREAD_STACK,
  THREAD_STACK_BYTES,
  THREAD_STATUS,
  THREAD_TOP,
  UPVALUE_NEXT,
  V_NIL,
} from '../generated/layout'
import { section, wordIndex } from './debug-info'
import { frameEnd, setStackEnd } from './frames'
import { mark, markObject } from './gc-mark'
import { cutBlock } from './memory'
import { isLibrary } from './message'
import { grayAgain } from './table'
import { objectAt, tagAt } from './value'

/** Bytes of a stack that are kept in any case. */
const LEAST_STACK: i32 = 1024

/** PROTO_LIVE_OFFSET: everything up to the end of the frame is in use. */
const ALL_LIVE: i32 = 255

/** End of the part of a coroutine's stack that is in use. */
function stackTop(thread: usize): usize {
  const stack: usize = load<u32>(thread, THREAD_STACK)
  if (thread == usize(load<u32>(G_THREAD))) {
    const end = frameEnd(load<u32>(G_BASE))
    const top: usize = load<u32>(G_TOP)
    return top > end && top <= stack + usize(load<u32>(thread, THREAD_STACK_BYTES)) ? top : end
  }
  const base: usize = stack + usize(load<u32>(thread, THREAD_BASE))
  const top: usize = stack + usize(load<u32>(thread, THREAD_TOP))
  const end = frameEnd(base)
  return end > top && end <= stack + usize(load<u32>(thread, THREAD_STACK_BYTES)) ? end : top
}

/**
 * End of the registers that are in use when a coroutine goes on: what lies above, up to `top`, nobody reads before it is
 * written.
 */
function liveTop(thread: usize, top: usize): usize {
  const current = thread == usize(load<u32>(G_THREAD))
  const pc: usize = current ? load<u32>(G_GC_PC) : load<u32>(thread, THREAD_PC)
  const base: usize = current
    ? load<u32>(G_BASE)
    : usize(load<u32>(thread, THREAD_STACK)) + usize(load<u32>(thread, THREAD_BASE))
  if (tagAt(base - 16) != T_CLOSURE) return top
  const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
  const word = wordIndex(proto, pc)
  if (pc < proto + PROTO_CODE || word >= load<i32>(proto, PROTO_WORDS) || isLibrary(proto)) return top
  const count: i32 = load<u8>(section(proto, PROTO_LIVE_OFFSET) + usize(word))
  if (count == ALL_LIVE) return top
  const end = base + (usize(count) << 3)
  const values: usize = current
    ? 0
    : usize(load<u32>(thread, THREAD_STACK)) + usize(load<u32>(thread, THREAD_TOP))
  return values > end ? values : end
}

/** Gives most of a large stack back when little of it is in use. */
function cutStack(thread: usize, used: i32): void {
  const bytes = load<i32>(thread, THREAD_STACK_BYTES)
  const kept = ((used << 1) + LEAST_STACK) & ~7
  if (kept > bytes >> 1) return
  const stack: usize = load<u32>(thread, THREAD_STACK)
  cutBlock(stack, kept)
  store<i32>(thread, load<i32>(stack), THREAD_STACK_BYTES)
  if (thread == usize(load<u32>(G_THREAD))) setStackEnd()
}

/** Does the coroutine neither run nor wait for one that runs? Its stack stays as it is until it is resumed. */
function isSettled(thread: usize): bool {
  const status = i32(load<u16>(thread, THREAD_STATUS))
  return thread != usize(load<u32>(G_THREAD)) && (status == STATUS_SUSPENDED || status == STATUS_DEAD)
}

/**
 * A coroutine's stack; the work done, in bytes. Those that run stay gray: their stacks change without barriers, and are
 * visited in each attempt to end marking, whatever that takes. What lies above the part in use is cleared before the
 * end, so that no slot ever dangles.
 */
export function traverseThread(thread: usize): i32 {
  const settled = isSettled(thread)
  const isAttempt = load<i32>(G_GC_PHASE) != PHASE_PROPAGATE
  if (!settled) grayAgain(thread)
  markObject(load<u32>(thread, THREAD_RESUMER))
  markObject(load<u32>(thread, THREAD_HOOK))
  mark(load<i64>(thread, THREAD_ERROR))
  let slot: usize = usize(load<u32>(thread, THREAD_STACK)) + 8
  const end: usize = slot - 8 + usize(load<u32>(thread, THREAD_STACK_BYTES))
  const top = stackTop(thread)
  const live = liveTop(thread, top)
  for (; slot < live; slot += 8) mark(load<i64>(slot))
  if (settled || isAttempt) {
    for (; slot + 8 <= end; slot += 8) store<i64>(slot, V_NIL)
    cutStack(thread, i32(top - load<u32>(thread, THREAD_STACK)))
  }
  let upvalue: usize = load<u32>(thread, THREAD_OPEN)
  while (upvalue) {
    store<u8>(upvalue, u8(MARK_BLACK), BLOCKHEADER_MARK)
    upvalue = load<u32>(upvalue, UPVALUE_NEXT)
  }
  return isAttempt ? 8 : load<i32>(thread, THREAD_STACK_BYTES)
}
