// The collector: incremental, tri-colour, mark and sweep. It runs only between instructions, where every
// live value is in a stack, a table or another object, never inside an allocation.
//
//     PAUSE ─▶ PROPAGATE ─▶ VALUES ─▶ SEPARATE ─▶ REVIVE ─▶ KEYS ─▶ SWEEP ─▶ PAUSE
//
//     PROPAGATE  what is reachable is marked, in steps between which the script changes it (barriers: table.ts, gc-mark.ts)
//     VALUES     weak values that are dead are removed (gc-weak.ts)
//     SEPARATE   dead tables with finalizers are queued (gc-final.ts),
//     REVIVE     and what they refer to is marked
//     KEYS       weak keys that are still dead are removed
//     SWEEP      what is dead is freed (gc-sweep.ts)
//
// Marks (MARK in src/isa/layout.ts): two whites, of which G_GC_WHITE is that of objects made now; gray; black.
//
// PROPAGATE: a black object refers to no white one, but
//     - coroutines that run stay gray, and tables that are written to go gray again (G_GC_AGAIN),
//     - of a large table this holds up to G_GC_PART_AT,
//     - weak values, and values of weak keys that are white, are not counted.
// It ends with an attempt: roots, running coroutines and what went gray again are visited, and if nothing more is to be
// done then, without the script having run, the whites swap, and what has the other white is dead. If it takes more than
// a step's work, marking goes on, with less to do for the next attempt.
//
// From there to SWEEP: the script holds, and reaches, nothing that is dead. It could in weak tables alone, and these do
// not show it; in the table of interned strings, where what is found lives again; and through finalizers, which are due
// once KEYS has ended. So nothing that the script does has to be noted.
import {
  EVENT_COUNT,
  G_BUDGET,
  G_ERROR,
  G_FUEL,
  G_GC_AGAIN,
  G_GC_ATTEMPTS,
  G_GC_COUNT,
  G_GC_DEBT,
  G_GC_ESTIMATE,
  G_GC_GRAY,
  G_GC_KEYS,
  G_GC_PAUSE,
  G_GC_PC,
  G_GC_PENDING,
  G_GC_PHASE,
  G_GC_STEP,
  G_GC_STEPMUL,
  G_GC_STOPPED,
  G_GC_SWEEP,
  G_GC_WEAK,
  G_GC_WHITE,
  G_GC_WHOLE,
  G_GLOBALS,
  G_HANDLER,
  G_HEAP_TOP,
  G_LIMIT,
  G_NEXT_PC,
  G_PC,
  G_RAISE_A,
  G_RAISE_B,
  G_REGISTRY,
  G_RETRY_PC,
  G_SELF,
  G_SHARED,
  G_THREAD,
  G_TYPE_META,
  G_USED,
  KIND_FREE,
  MEM_EVENT_NAMES,
  MEM_HEAP,
  MEM_TYPE_NAMES,
  MSG_NO_MEMORY,
  PHASE_KEYS,
  PHASE_PAUSE,
  PHASE_PROPAGATE,
  PHASE_REVIVE,
  PHASE_SEPARATE,
  PHASE_SWEEP,
  PHASE_VALUES,
  STATIC_COLLECT,
  STATIC_RETRY,
  V_NIL,
} from '../generated/layout'
import { clamp } from './checked'
import { payOwed } from './fuel'
import { allDue, markPending, separateDead, startSeparation, thenFinalize } from './gc-final'
import { mark, markObject, propagate } from './gc-mark'
import { sweepBlock } from './gc-sweep'
import { clearKeys, clearValues, sealAll, startList } from './gc-weak'
import { hasReserve, kindOf, sizeOf, URGENT } from './memory'
import { raiseMessage } from './raise'

/** G_GC_WHOLE: the cycle before a whole collection is being finished; it begins; it runs. 0: none. */
const WHOLE_BEFORE: i32 = 1
const WHOLE_BEGINS: i32 = 2
const WHOLE_RUNS: i32 = 3
/** Attempts to end marking that are bounded: a script may spoil that many, and has to wait for the next one. */
const ATTEMPTS: i32 = 16
const UNBOUNDED: i32 = 0x7fffffff
/** Bytes that a whole collection visits at a stretch. */
const PIECE: i32 = 0x400000

/**
 * Called with the next instruction after anything that may have allocated: a piece of collection comes
 * first if one is due, as an instruction of its own.
 */
export function safePoint(pc: usize): usize {
  if (!isDue()) return pc
  store<u32>(G_GC_PC, u32(pc))
  return STATIC_COLLECT
}

function isDue(): bool {
  const debt = load<i32>(G_GC_DEBT)
  return debt > 0 && (debt >= URGENT || load<i32>(G_GC_STOPPED) == 0)
}

/** The instruction COLLECT: pays what is owed; part of a cycle, or all of it, if due; then finalizers that are due. */
export function collectHere(): usize {
  payOwed()
  const pc: usize = load<u32>(G_GC_PC)
  if (pc >= usize(MEM_HEAP)) store<u32>(G_SELF, 0) // what was called has returned, or has entered a frame
  if (load<u32>(G_RETRY_PC)) {
    // the instruction that had to be executed again has succeeded
    store<u32>(G_RETRY_PC, 0)
    if (hasReserve()) {
      pause()
      return thenFinalize(pc)
    }
  }
  if (load<i32>(G_GC_DEBT) < URGENT && load<i32>(G_GC_WHOLE) == 0) {
    if (isDue()) step()
    return thenFinalize(pc)
  }
  if (!collectPiece()) return STATIC_COLLECT
  if (hasReserve()) return thenFinalize(pc)
  if (pc >= usize(MEM_HEAP)) store<u32>(G_PC, u32(pc) - 8) // the instruction that allocated
  raiseMessage(MSG_NO_MEMORY, V_NIL, V_NIL)
  return load<u32>(G_NEXT_PC)
}

/** The instruction at `pc` found no room for a large block. */
export function outOfMemory(pc: usize): usize {
  store<u32>(G_GC_PC, u32(pc))
  return STATIC_RETRY
}

/**
 * The instruction RETRY: collects and goes back to the instruction that found no room, unless that has been
 * done already: then raises `message`. The next safe point, which sees the debt, forgets about it. `self` is the
 * instruction, which is executed again until the collection has ended.
 */
export function retry(message: i32, self: usize): usize {
  const pc: usize = load<u32>(G_GC_PC)
  if (load<u32>(G_RETRY_PC) == u32(pc)) {
    store<u32>(G_RETRY_PC, 0)
    if (pc >= usize(MEM_HEAP)) store<u32>(G_PC, u32(pc)) // not every instruction notes itself
    raiseMessage(message, V_NIL, V_NIL)
    return load<u32>(G_NEXT_PC)
  }
  if (!collectPiece()) return self
  store<i32>(G_GC_DEBT, URGENT)
  store<u32>(G_RETRY_PC, u32(pc))
  return pc
}

/** The error that is on its way to THROW. */
function markError(): void {
  mark(load<i64>(G_ERROR))
  mark(load<i64>(G_RAISE_A))
  mark(load<i64>(G_RAISE_B))
}

/** The main coroutine is the last of those that wait for the one that runs. */
function markRoots(): void {
  markObject(load<u32>(G_THREAD))
  markObject(load<u32>(G_REGISTRY))
  markObject(load<u32>(G_SHARED))
  markObject(load<u32>(G_GLOBALS))
  markObject(load<u32>(G_SELF))
  mark(load<i64>(G_HANDLER))
  markError()
  for (let i: usize = 0; i < 64; i += 4) markObject(load<u32>(usize(G_TYPE_META) + i))
  for (let i: usize = 0; i < usize(EVENT_COUNT); i++) markObject(load<u32>(usize(MEM_EVENT_NAMES) + (i << 2)))
  for (let i: usize = 0; i < 16; i++) markObject(load<u32>(usize(MEM_TYPE_NAMES) + (i << 2)))
}

function start(): void {
  store<u32>(G_GC_GRAY, 0)
  store<u32>(G_GC_AGAIN, 0)
  store<u32>(G_GC_WEAK, 0)
  store<i32>(G_GC_KEYS, 0)
  store<i32>(G_GC_ATTEMPTS, 0)
  markRoots()
  markPending()
  store<i32>(G_GC_PHASE, PHASE_PROPAGATE)
}

/**
 * Visits what may have changed behind the collector's back. If marking ends with that, for about `bytes` at the most,
 * it is known what is dead; else it goes on. The work done, in bytes.
 */
function tryToEndMarking(bytes: i32): i32 {
  const attempts = load<i32>(G_GC_ATTEMPTS) + 1
  store<i32>(G_GC_ATTEMPTS, attempts)
  const most = attempts > ATTEMPTS ? UNBOUNDED : bytes
  store<i32>(G_GC_PHASE, PHASE_VALUES) // coroutines' stacks are cleared above what is in use
  store<u32>(G_GC_GRAY, load<u32>(G_GC_AGAIN))
  store<u32>(G_GC_AGAIN, 0)
  markRoots()
  let work: i32 = 8
  while (work < most) {
    const done = propagate()
    if (!done) {
      store<i32>(G_GC_WHITE, load<i32>(G_GC_WHITE) ^ 1)
      sealAll()
      startList()
      return work
    }
    work += done
  }
  store<i32>(G_GC_PHASE, PHASE_PROPAGATE)
  return work
}

/** Sweeps blocks worth about `bytes`. How much it was, at least 1. */
function sweep(bytes: i32): i32 {
  let at: usize = load<u32>(G_GC_SWEEP)
  // what ended as a free block goes on to grow
  const from = isFree(at) ? at + usize(sizeOf(at)) : at
  const stop = from + usize(bytes)
  let next = at
  while (next < usize(load<u32>(G_HEAP_TOP)) && next < stop) {
    at = next
    next = sweepBlock(at, stop)
  }
  // the heap may have become smaller, and then larger before the next step
  store<u32>(G_GC_SWEEP, isFree(at) ? u32(at) : min(u32(next), load<u32>(G_HEAP_TOP)))
  return next > from ? i32(next - from) : 1
}

function isSwept(): bool {
  return load<u32>(G_GC_SWEEP) >= load<u32>(G_HEAP_TOP)
}

function isFree(at: usize): bool {
  return at < usize(load<u32>(G_HEAP_TOP)) && kindOf(at) == KIND_FREE
}

/** The cycle is over. */
function finish(): void {
  store<i32>(G_GC_PHASE, PHASE_PAUSE)
  store<i32>(G_GC_ESTIMATE, load<i32>(G_USED))
  store<i32>(G_GC_COUNT, load<i32>(G_GC_COUNT) + 1)
  pause()
}

/** How much may be allocated before the next cycle. */
function pause(): void {
  const live = load<i32>(G_GC_ESTIMATE)
  let wait = i32((i64(live) * i64(load<i32>(G_GC_PAUSE) - 100)) / 100)
  const room = (load<i32>(G_LIMIT) - live) >> 1
  if (wait > room) wait = room
  if (wait < 4096) wait = 4096
  store<i32>(G_GC_DEBT, -wait)
}

/**
 * How much may be allocated before the next step, each doing work for `unit` bytes: as much, or as much as the script
 * has set the pace to, but less where memory is scarce, so that the cycle ends before it does and no whole collection
 * is needed.
 */
function pace(unit: i32): i32 {
  const used = load<i32>(G_USED)
  const room = load<i32>(G_LIMIT) - MEM_HEAP - used
  const steps = (used + (load<i32>(G_HEAP_TOP) >> 1)) / (unit << 1) + 2
  const share = room / (steps << 1)
  const wanted = (unit * 100) / max(load<i32>(G_GC_STEPMUL), 1)
  return share < wanted ? share : wanted
}

/** A bounded piece of a cycle. */
function step(): void {
  const unit = load<i32>(G_GC_STEP)
  store<i32>(G_GC_DEBT, -pace(unit))
  if (load<i32>(G_GC_PHASE) == PHASE_PAUSE) {
    start()
    return
  }
  let left = load<i32>(G_GC_PHASE) == PHASE_PROPAGATE ? unit << 1 : unit << 2
  while (left > 0 && load<i32>(G_GC_PHASE) != PHASE_PAUSE) {
    const done = workOn(left)
    left -= done ? done : endPhase(max(left, unit))
  }
}

/** Goes on with the phase under way, for no more than about `bytes`; the work done, 0 if nothing is left to do. */
function workOn(bytes: i32): i32 {
  const phase = load<i32>(G_GC_PHASE)
  if (phase == PHASE_PROPAGATE || phase == PHASE_REVIVE) return propagate()
  if (phase == PHASE_VALUES) return clearValues()
  if (phase == PHASE_SEPARATE) return separateDead()
  if (phase == PHASE_KEYS) return clearKeys()
  return isSwept() ? 0 : sweep(bytes)
}

/** Goes on to the next phase; the work done, in bytes. */
function endPhase(bytes: i32): i32 {
  const phase = load<i32>(G_GC_PHASE)
  if (phase == PHASE_PROPAGATE) return tryToEndMarking(bytes)
  if (phase == PHASE_SWEEP) {
    finish()
    return 8
  }
  store<i32>(G_GC_PHASE, phase + 1)
  if (phase == PHASE_VALUES) startSeparation()
  else if (phase == PHASE_REVIVE) startList()
  else if (phase == PHASE_KEYS) {
    allDue()
    store<i32>(G_GC_SWEEP, MEM_HEAP)
  }
  return 8
}

/** Finishes what comes between marking and sweeping, if that is under way. */
export function endMarking(): void {
  while (load<i32>(G_GC_PHASE) > PHASE_PROPAGATE && load<i32>(G_GC_PHASE) < PHASE_SWEEP)
    if (!workOn(UNBOUNDED)) endPhase(UNBOUNDED)
}

/**
 * A piece of a whole collection: finishes the cycle under way, whose marks may keep what has died since, and runs
 * another one. False while there is more to do: others get a turn, so that no piece of a large heap takes long.
 */
function collectPiece(): bool {
  if (load<i32>(G_GC_WHOLE) == 0)
    store<i32>(G_GC_WHOLE, load<i32>(G_GC_PHASE) == PHASE_PAUSE ? WHOLE_BEGINS : WHOLE_BEFORE)
  let left = PIECE
  while (left > 0) {
    if (load<i32>(G_GC_PHASE) != PHASE_PAUSE) {
      const done = workOn(left)
      left -= done ? done : endPhase(UNBOUNDED)
      continue
    }
    const whole = load<i32>(G_GC_WHOLE)
    if (whole == WHOLE_RUNS) {
      store<i32>(G_GC_WHOLE, 0)
      return true
    }
    store<i32>(G_GC_WHOLE, WHOLE_RUNS)
    start()
  }
  endSlice()
  return false
}

/** The slice is over; what it had left goes back to the call's budget. */
export function endSlice(): void {
  const fuel = load<i64>(G_FUEL)
  if (fuel <= 0) return
  store<i64>(G_BUDGET, load<i64>(G_BUDGET) + fuel)
  store<i64>(G_FUEL, 0)
}

/** A piece of a whole collection where no instruction has asked for it: all that frames hold counts as in use. */
export function collectAside(): bool {
  const pc = load<u32>(G_GC_PC)
  store<u32>(G_GC_PC, 0)
  const done = collectPiece()
  store<u32>(G_GC_PC, pc)
  return done
}

/** Explicit steps, as after allocating so many bytes: collectgarbage('step', n). True when a cycle has ended. */
export function collectStep(bytes: i64): bool {
  const before = load<i32>(G_GC_COUNT)
  let left = i32(clamp(bytes, 0, i64(PIECE)))
  const pc = load<u32>(G_GC_PC)
  store<u32>(G_GC_PC, 0) // as in collectAside
  do {
    step()
    left -= load<i32>(G_GC_STEP)
  } while (left > 0 && load<i32>(G_GC_COUNT) == before)
  store<u32>(G_GC_PC, pc)
  if (load<i32>(G_GC_PENDING) && load<i32>(G_GC_DEBT) <= 0) store<i32>(G_GC_DEBT, 1)
  return load<i32>(G_GC_COUNT) != before
}
