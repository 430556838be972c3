// The collector: incremental, tri-colour, mark and sweep. It runs only between instructions, where every
// live value is in a stack, a table or another object, never inside an allocation.
//
//     PAUSE ──start──▶ PROPAGATE ──gray list empty──▶ (atomic) ──▶ SWEEP ──end of heap──▶ PAUSE
//
// Marks: 0 and 1 are the two whites, of which G_GC_WHITE is that of objects made now; 2 gray, 3 black.
import {
  BLOCKHEADER_MARK,
  BLOCKHEADER_SIZE,
  G_GC_AGAIN,
  G_GC_COUNT,
  G_GC_DEBT,
  G_GC_ESTIMATE,
  G_GC_GRAY,
  G_ERROR,
  G_GC_PAUSE,
  G_GC_PC,
  G_GC_PHASE,
  G_GC_STEP,
  G_GC_STOPPED,
  G_GC_SWEEP,
  G_GC_WEAK,
  G_GC_WHITE,
  G_GLOBALS,
  G_HANDLER,
  G_HEAP_TOP,
  G_LIMIT,
  G_MAIN,
  G_NEXT_PC,
  G_BINS,
  G_REGISTRY,
  G_RETRY_PC,
  G_RETRY_USED,
  G_SELF,
  G_SHARED,
  G_THREAD,
  G_TYPE_META,
  G_USED,
  MEM_EVENT_NAMES,
  MEM_HEAP,
  MEM_TYPE_NAMES,
  EVENT_COUNT,
  G_NAMES,
  G_NAMES_COUNT,
  MSG_NO_MEMORY,
  STATIC_COLLECT,
  STATIC_RETRY,
  T_MAX,
  V_NIL,
} from '../generated/layout'
import { clearWeak } from './gc-weak'
import { mark, markObject, traverse } from './gc-mark'
import { sweepBlock } from './gc-sweep'
import { RESERVE, URGENT } from './memory'
import { raiseMessage } from './raise'

const PAUSE: i32 = 0
const PROPAGATE: i32 = 1
const SWEEP: i32 = 2

/** Memory that an attempt may leave behind as garbage without counting as a change. */
const LITTLE: i32 = 8192

/**
 * Called with the next instruction after anything that may have allocated: a piece of collection comes
 * first if one is due, as an instruction of its own.
 */
export function safePoint(pc: usize): usize {
  const debt = load<i32>(G_GC_DEBT)
  if (debt <= 0 || (debt < URGENT && load<i32>(G_GC_STOPPED) != 0)) return pc
  store<u32>(G_GC_PC, u32(pc))
  return STATIC_COLLECT
}

/** The instruction COLLECT. */
export function collectHere(): usize {
  const pc: usize = load<u32>(G_GC_PC)
  if (load<i32>(G_GC_DEBT) < URGENT) {
    step()
    return pc
  }
  collect()
  if (hasReserve()) return pc
  raiseMessage(MSG_NO_MEMORY, V_NIL, V_NIL)
  return load<u32>(G_NEXT_PC)
}

/** The instruction at `pc` found no room for a large block. */
export function outOfMemory(pc: usize): usize {
  store<u32>(G_GC_PC, u32(pc))
  return STATIC_RETRY
}

/**
 * The instruction RETRY: collects, and the instruction that found no room is executed again. If that was
 * done before and nothing has changed since, an error is raised.
 */
export function retry(): usize {
  const pc: usize = load<u32>(G_GC_PC)
  const used = load<i32>(G_USED)
  if (load<u32>(G_RETRY_PC) == u32(pc) && used - load<i32>(G_RETRY_USED) < LITTLE) {
    store<u32>(G_RETRY_PC, 0)
    raiseMessage(MSG_NO_MEMORY, V_NIL, V_NIL)
    return load<u32>(G_NEXT_PC)
  }
  collect()
  store<u32>(G_RETRY_PC, u32(pc))
  store<i32>(G_RETRY_USED, load<i32>(G_USED))
  return pc
}

/**
 * For allocations from outside, between calls: collects if that is urgent. False if there is no room for
 * small objects even so.
 */
export function makeReserve(): bool {
  if (load<i32>(G_GC_DEBT) < URGENT) return true
  collect()
  return hasReserve()
}

/** Is there again room for what an instruction may allocate without asking? */
function hasReserve(): bool {
  if (load<i32>(G_LIMIT) - load<i32>(G_HEAP_TOP) >= RESERVE) return true
  let block: usize = load<u32>(G_BINS + 256)
  while (block) {
    if (load<i32>(block, BLOCKHEADER_SIZE) >= RESERVE) return true
    block = load<u32>(block, 8)
  }
  return false
}

function markRoots(): void {
  store<u32>(G_GC_GRAY, 0)
  store<u32>(G_GC_AGAIN, 0)
  store<u32>(G_GC_WEAK, 0)
  markObject(load<u32>(G_MAIN))
  markObject(load<u32>(G_THREAD))
  markObject(load<u32>(G_REGISTRY))
  markObject(load<u32>(G_SHARED))
  markObject(load<u32>(G_GLOBALS))
  markObject(load<u32>(G_SELF))
  mark(load<i64>(G_HANDLER))
  mark(load<i64>(G_ERROR))
  for (let i: usize = 0; i < 64; i += 4) markObject(load<u32>(usize(G_TYPE_META) + i))
  for (let i: usize = 0; i < usize(EVENT_COUNT); i++) markObject(load<u32>(usize(MEM_EVENT_NAMES) + (i << 2)))
  for (let i: usize = 0; i < 16; i++) markObject(load<u32>(usize(MEM_TYPE_NAMES) + (i << 2)))
}

function start(): void {
  markRoots()
  const names: usize = load<u32>(G_NAMES)
  const count = load<i32>(G_NAMES_COUNT)
  for (let i: i32 = 0; i < count; i++) markObject(load<u32>(names + 8 + (usize(i) << 2)))
  store<i32>(G_GC_PHASE, PROPAGATE)
}

/** Visits one gray object; the work done in bytes, 0 if there is none. */
function propagate(): i32 {
  const object: usize = load<u32>(G_GC_GRAY)
  if (!object) return 0
  store<u32>(G_GC_GRAY, load<u32>(object, 8))
  return traverse(object)
}

/** Nothing runs in between: what changed behind the collector's back is visited, and the whites swap. */
function atomic(): void {
  markObject(load<u32>(G_THREAD))
  markObject(load<u32>(G_SELF))
  mark(load<i64>(G_HANDLER))
  mark(load<i64>(G_ERROR))
  markObject(load<u32>(G_GLOBALS))
  markObject(load<u32>(G_REGISTRY))
  for (let i: usize = 0; i < 64; i += 4) markObject(load<u32>(usize(G_TYPE_META) + i))
  store<i32>(G_GC_PHASE, SWEEP) // threads are black from here on
  while (propagate()) {}
  store<u32>(G_GC_GRAY, load<u32>(G_GC_AGAIN))
  store<u32>(G_GC_AGAIN, 0)
  while (propagate()) {}
  clearWeak()
  store<i32>(G_GC_WHITE, load<i32>(G_GC_WHITE) ^ 1)
  store<i32>(G_GC_SWEEP, MEM_HEAP)
}

/** Sweeps blocks worth about `bytes`. True at the end of the heap. */
function sweep(bytes: i32): bool {
  let at: usize = load<u32>(G_GC_SWEEP)
  const stop = at + usize(bytes)
  while (at < usize(load<u32>(G_HEAP_TOP)) && at < stop) at = sweepBlock(at)
  store<u32>(G_GC_SWEEP, u32(at))
  return at >= usize(load<u32>(G_HEAP_TOP))
}

/** The cycle is over: how much may be allocated before the next one. */
function finish(): void {
  const live = load<i32>(G_USED)
  store<i32>(G_GC_PHASE, PAUSE)
  store<i32>(G_GC_ESTIMATE, live)
  store<i32>(G_GC_COUNT, load<i32>(G_GC_COUNT) + 1)
  let wait = i32((i64(live) * i64(load<i32>(G_GC_PAUSE) - 100)) / 100)
  const room = (load<i32>(G_LIMIT) - live) >> 1
  if (wait > room) wait = room
  if (wait < 4096) wait = 4096
  store<i32>(G_GC_DEBT, -wait)
}

/** A bounded piece of a cycle. */
function step(): void {
  const unit = load<i32>(G_GC_STEP)
  const phase = load<i32>(G_GC_PHASE)
  store<i32>(G_GC_DEBT, -unit)
  if (phase == PAUSE) {
    start()
    return
  }
  if (phase == PROPAGATE) {
    let work: i32 = 0
    while (work < unit << 1) {
      const done = propagate()
      if (!done) {
        atomic()
        return
      }
      work += done
    }
    return
  }
  if (sweep(unit << 2)) finish()
}

/** A whole cycle, after finishing the one under way. */
export function collect(): void {
  if (load<i32>(G_GC_PHASE) == SWEEP) while (!sweep(0x100000)) {}
  if (load<i32>(G_GC_PHASE) != PROPAGATE) start()
  else {
    // marks made so far stay valid; what is new is found from the roots
    while (propagate()) {}
  }
  while (propagate()) {}
  atomic()
  while (!sweep(0x100000)) {}
  finish()
}

/** Explicit steps: collectgarbage('step', n). True when a cycle has ended. */
export function collectStep(bytes: i32): bool {
  const before = load<i32>(G_GC_COUNT)
  let left = bytes
  do {
    step()
    left -= load<i32>(G_GC_STEP)
  } while (left > 0 && load<i32>(G_GC_COUNT) == before)
  return load<i32>(G_GC_COUNT) != before
}

/** The forward barrier: a black object that does not go gray again has been given this value. */
export function barrier(object: usize, v: i64): void {
  if (load<u8>(object, BLOCKHEADER_MARK) == 3 && load<i32>(G_GC_PHASE) == PROPAGATE && i32(v >> 32) <= T_MAX) mark(v)
}
