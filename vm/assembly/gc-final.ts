// Finalizers (__gc). Tables whose metatable has one when it is set are registered in a raw block, in a ring; those
// found dead at the end of marking move, last registered first, to a queue in the same block, another ring, and live
// on. Once all that they refer to is marked they are finalized between instructions, one after the other. Each is
// called by a frame like that of a protected call, but with an EMPTY function slot: no level (FRAME_FINALIZER).
//
//     [header][first][last][head][end][room][from][to] room × u32 registered: first … last
//                                                      room × u32 queue: head … end, of which G_GC_PENDING are due
//
// What is in first … last has been looked at from `from` on, and lies from `to` on; all these numbers only grow or are
// below one that does, and places in a ring are modulo `room`, a power of two.
import { BUILTIN_BASE_FINALIZE } from '../generated/builtins'
import {
  EVENT_GC,
  FRAME_FINALIZER,
  G_BASE,
  G_GC_FINALIZE,
  G_GC_FINOBJ,
  G_GC_PC,
  G_GC_PENDING,
  G_GC_PHASE,
  G_THREAD,
  G_TOP,
  PHASE_PROPAGATE,
  STATIC_FINALIZE,
  STATIC_PCALL,
  T_EMPTY,
  T_NIL,
  TABLE_WEAK,
  THREAD_STACK,
  THREAD_STACK_BYTES,
  V_EMPTY,
  WEAK_REGISTERED,
} from '../generated/layout'
import { enterClosure, frameEnd, link, reserveSlots, returnBy, slowVersion } from './frames'
import { endMarking } from './gc'
import { markObject, PART } from './gc-mark'
import { isDeadObject } from './gc-weak'
import { free, tryRaw } from './memory'
import { metamethodOf } from './metatable'
import { tableWord, tagAt } from './value'

const FIRST: usize = 8
const LAST: usize = 12
const HEAD: usize = 16
const END: usize = 20
const ROOM: usize = 24
const FROM: usize = 28
const TO: usize = 32
const ENTRIES: usize = 36
const FIRST_ROOM: i32 = 8
/** Slots that a finalizer's frame takes at once. */
const FRAME_SLOTS: i32 = 64

/** Address of registered table `i`. */
function entry(list: usize, i: i32): usize {
  return list + ENTRIES + (usize(i & (load<i32>(list, ROOM) - 1)) << 2)
}

/** Address of entry `i` of the queue. */
function queued(list: usize, i: i32): usize {
  return entry(list, i) + (usize(load<i32>(list, ROOM)) << 2)
}

/** A larger block with the same contents; 0 without room. */
function enlarge(old: usize): usize {
  const room = old ? load<i32>(old, ROOM) << 1 : FIRST_ROOM
  const list = tryRaw(i32(ENTRIES) + (room << 3))
  if (!list) return 0
  for (let field = FIRST; field < ENTRIES; field += 4)
    store<i32>(list + field, old ? load<i32>(old + field) : 0)
  store<i32>(list, room, ROOM)
  if (old) {
    for (let i = load<i32>(old, FIRST); i != load<i32>(old, LAST); i++)
      store<u32>(entry(list, i), load<u32>(entry(old, i)))
    for (let i = load<i32>(old, HEAD); i != load<i32>(old, END); i++)
      store<u32>(queued(list, i), load<u32>(queued(old, i)))
    free(old)
  }
  store<u32>(G_GC_FINOBJ, u32(list))
  return list
}

/** Registers a table, once, to be finalized; false without room, with nothing changed. */
export function register(t: usize): bool {
  const flags: i32 = load<u8>(t, TABLE_WEAK)
  if (flags & WEAK_REGISTERED) return true
  let list: usize = load<u32>(G_GC_FINOBJ)
  // the queue must have room for all that is registered and all that waits
  if (!list || registered(list) + waiting(list) >= load<i32>(list, ROOM)) list = enlarge(list)
  if (!list) return false
  const last = load<i32>(list, LAST)
  store<u32>(entry(list, last), u32(t))
  store<i32>(list, last + 1, LAST)
  store<u8>(t, u8(flags | WEAK_REGISTERED), TABLE_WEAK)
  return true
}

function registered(list: usize): i32 {
  return load<i32>(list, LAST) - load<i32>(list, FIRST)
}

function waiting(list: usize): i32 {
  return load<i32>(list, END) - load<i32>(list, HEAD)
}

/** Puts a table at the end of the queue. */
function enqueue(list: usize, t: usize): void {
  const end = load<i32>(list, END)
  store<u32>(queued(list, end), u32(t))
  store<i32>(list, end + 1, END)
}

/** Begins to look for dead tables among the registered ones. */
export function startSeparation(): void {
  const list: usize = load<u32>(G_GC_FINOBJ)
  if (!list) return
  store<i32>(list, load<i32>(list, LAST), FROM)
  store<i32>(list, load<i32>(list, LAST), TO)
}

/** Looks at some registered tables, the last first, and queues the dead ones; the work done in bytes, 0 at the end. */
export function separateDead(): i32 {
  const list: usize = load<u32>(G_GC_FINOBJ)
  if (!list) return 0
  const first = load<i32>(list, FIRST)
  let from = load<i32>(list, FROM)
  let to = load<i32>(list, TO)
  const count = min(from - first, PART)
  for (let left = count; left > 0; left--) {
    from--
    const t: usize = load<u32>(entry(list, from))
    if (isDeadObject(t)) {
      enqueue(list, t)
      markObject(t)
    } else {
      to--
      store<u32>(entry(list, to), u32(t))
    }
  }
  store<i32>(list, count ? from : to, FROM)
  store<i32>(list, to, TO)
  if (!count) store<i32>(list, to, FIRST)
  return count << 4
}

/** All that is queued is due: what it refers to is marked. */
export function allDue(): void {
  const list: usize = load<u32>(G_GC_FINOBJ)
  if (list) store<i32>(G_GC_PENDING, waiting(list))
}

/** Queues all registered tables: the state is closed. Their number. */
export function separateAll(): i32 {
  endMarking()
  const list: usize = load<u32>(G_GC_FINOBJ)
  if (!list) return 0
  const isMarking = load<i32>(G_GC_PHASE) == PHASE_PROPAGATE
  const first = load<i32>(list, FIRST)
  for (let i = load<i32>(list, LAST); i != first; i--) {
    const t: usize = load<u32>(entry(list, i - 1))
    enqueue(list, t)
    if (isMarking) markObject(t)
  }
  store<i32>(list, load<i32>(list, LAST), FIRST)
  allDue()
  return load<i32>(G_GC_PENDING)
}

/** Marks what waits to be finalized. */
export function markPending(): void {
  const list: usize = load<u32>(G_GC_FINOBJ)
  if (!list) return
  for (let i = load<i32>(list, HEAD); i != load<i32>(list, END); i++) markObject(load<u32>(queued(list, i)))
}

/** Goes on at `pc`, if need be after calling finalizers; they don't interrupt each other. */
export function thenFinalize(pc: usize): usize {
  if (!load<i32>(G_GC_PENDING) || load<i32>(G_GC_FINALIZE)) return pc
  store<u32>(G_GC_PC, u32(pc))
  return STATIC_FINALIZE
}

/** Takes the first table off the queue. */
function takeQueued(): usize {
  const list: usize = load<u32>(G_GC_FINOBJ)
  const head = load<i32>(list, HEAD)
  const t: usize = load<u32>(queued(list, head))
  store<i32>(list, head + 1, HEAD)
  store<i32>(G_GC_PENDING, load<i32>(G_GC_PENDING) - 1)
  store<u8>(t, u8(i32(load<u8>(t, TABLE_WEAK)) & ~WEAK_REGISTERED), TABLE_WEAK)
  return t
}

/** The first slot above all that is in use: registers, and the open list if there is one. */
export function firstUnused(): usize {
  const used = frameEnd(load<u32>(G_BASE))
  const top: usize = load<u32>(G_TOP)
  const thread: usize = load<u32>(G_THREAD)
  const limit: usize = usize(load<u32>(thread, THREAD_STACK)) + usize(load<u32>(thread, THREAD_STACK_BYTES))
  return top > used && top <= limit ? top : used
}

/**
 * The instruction FINALIZE: calls the next finalizer above all that is in use, between two instructions; G_GC_PC is where to go on. The
 * end of the open list, which may be needed there, is kept below the frame. Without room it waits.
 */
export function finalizeNext(): usize {
  const pc: usize = load<u32>(G_GC_PC)
  if (!reserveSlots(firstUnused(), FRAME_SLOTS)) return pc
  const base: usize = load<u32>(G_BASE)
  const top: usize = load<u32>(G_TOP)
  const at = firstUnused()
  const own = at + 24
  store<i64>(at, i64(top) - i64(own))
  const object = tableWord(takeQueued())
  store<i64>(own - 16, V_EMPTY)
  store<i64>(own - 8, link(pc, FRAME_FINALIZER, i32(own - base)))
  store<i64>(own, metamethodOf(object, EVENT_GC))
  store<i64>(own + 16, object)
  if (tagAt(own) == T_NIL) return thenFinalize(pc)
  store<u32>(G_BASE, u32(own))
  store<u32>(G_TOP, u32(own + 24))
  store<i32>(G_GC_FINALIZE, 1)
  return STATIC_PCALL
}

/** The finalizer that was called from the frame at `base` has raised `e`: a library function warns of it. */
export function warnOfFinalizer(base: usize, e: i64): usize {
  const next = load<i64>(base - 8)
  if (tagAt(base - 16) != T_EMPTY) return returnBy(base, next, base, 0) // no warning, for want of memory or fuel
  store<i64>(base - 16, slowVersion(BUILTIN_BASE_FINALIZE))
  store<i64>(base, e)
  return enterClosure(next, base - 16, 1)
}

/** The finalizer whose frame was at `base` has ended; G_BASE is set. Returns where to go on. */
export function afterFinalizer(base: usize, pc: usize): usize {
  store<i32>(G_TOP, i32(base) + load<i32>(base - 24))
  store<i32>(G_GC_FINALIZE, 0)
  return thenFinalize(pc)
}
