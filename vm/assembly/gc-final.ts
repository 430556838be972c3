// Finalizers (__gc). Tables whose metatable has one when it is set are registered in a raw block; those found
// dead at the end of marking move to a queue in the same block, live on, and are finalized between
// instructions, in frames of their own (FRAME_FINALIZER), one after the other:
//
//     [header][registered][queue head][queue end][room] room × u32 registered … room × u32 queue …

import { BUILTIN_BASE_FINALIZE } from '../generated/builtins'
import {
  BLOCKHEADER_MARK,
  FRAME_FINALIZER,
  G_BASE,
  G_GC_FINALIZE,
  G_GC_FINOBJ,
  G_GC_PC,
  G_GC_PENDING,
  G_THREAD,
  G_TOP,
  STATIC_FINALIZE,
  TABLE_WEAK,
  THREAD_STACK,
  THREAD_STACK_BYTES,
} from '../generated/layout'
import { enterClosure, frameEnd, link, reserveSlots, slowVersion } from './frames'
import { markObject } from './gc-mark'
import { free, tryRaw } from './memory'
import { tableWord } from './value'

const REGISTERED: usize = 8
const HEAD: usize = 12
const END: usize = 16
const ROOM: usize = 20
const ENTRIES: usize = 24
const FIRST_ROOM: i32 = 8
/** Bit in a table's TABLE_WEAK: it is registered. */
const IS_REGISTERED: i32 = 4
/** Slots that a finalizer's frame takes at once. */
const FRAME_SLOTS: i32 = 64
const GRAY: i32 = 2

function entry(list: usize, i: i32): usize {
  return list + ENTRIES + (usize(i) << 2)
}

/** Address of entry `i` of the queue. */
function queued(list: usize, i: i32): usize {
  return entry(list, load<i32>(list, ROOM) + i)
}

/** A larger block with the same contents; 0 without room. */
function enlarge(old: usize): usize {
  const room = old ? load<i32>(old, ROOM) << 1 : FIRST_ROOM
  const list = tryRaw(i32(ENTRIES) + (room << 3))
  if (!list) return 0
  const registered = old ? load<i32>(old, REGISTERED) : 0
  const head = old ? load<i32>(old, HEAD) : 0
  const waiting = old ? load<i32>(old, END) - head : 0
  store<i32>(list, registered, REGISTERED)
  store<i32>(list, 0, HEAD)
  store<i32>(list, waiting, END)
  store<i32>(list, room, ROOM)
  for (let i: i32 = 0; i < registered; i++) store<u32>(entry(list, i), load<u32>(entry(old, i)))
  for (let i: i32 = 0; i < waiting; i++) store<u32>(queued(list, i), load<u32>(queued(old, head + i)))
  if (old) free(old)
  store<u32>(G_GC_FINOBJ, u32(list))
  return list
}

/** Registers a table, once, to be finalized; false without room, with nothing changed. */
export function register(t: usize): bool {
  const flags: i32 = load<u8>(t, TABLE_WEAK)
  if (flags & IS_REGISTERED) return true
  let list: usize = load<u32>(G_GC_FINOBJ)
  // the queue must have room for all that is registered and all that waits
  if (!list || load<i32>(list, REGISTERED) + load<i32>(G_GC_PENDING) >= load<i32>(list, ROOM))
    list = enlarge(list)
  if (!list) return false
  const n = load<i32>(list, REGISTERED)
  store<u32>(entry(list, n), u32(t))
  store<i32>(list, n + 1, REGISTERED)
  store<u8>(t, u8(flags | IS_REGISTERED), TABLE_WEAK)
  return true
}

/** Moves what waits to the start of the queue. */
function compactQueue(list: usize): void {
  const head = load<i32>(list, HEAD)
  const waiting = load<i32>(list, END) - head
  for (let i: i32 = 0; i < waiting; i++) store<u32>(queued(list, i), load<u32>(queued(list, head + i)))
  store<i32>(list, 0, HEAD)
  store<i32>(list, waiting, END)
}

/** Queues registered tables, last registered first: those that have not been marked, or all. True if there are any. */
function separate(all: bool): bool {
  const list: usize = load<u32>(G_GC_FINOBJ)
  if (!list) return false
  compactQueue(list)
  const count = load<i32>(list, REGISTERED)
  let end = load<i32>(list, END)
  const before = end
  for (let i = count - 1; i >= 0; i--) {
    const t: usize = load<u32>(entry(list, i))
    if (!all && i32(load<u8>(t, BLOCKHEADER_MARK)) >= GRAY) continue
    store<u32>(queued(list, end), u32(t))
    store<u32>(entry(list, i), 0)
    end++
  }
  if (end == before) return false
  store<i32>(list, end, END)
  store<i32>(G_GC_PENDING, end)
  closeGaps(list, count)
  return true
}

function closeGaps(list: usize, count: i32): void {
  let kept: i32 = 0
  for (let i: i32 = 0; i < count; i++) {
    const t = load<u32>(entry(list, i))
    if (!t) continue
    store<u32>(entry(list, kept), t)
    kept++
  }
  store<i32>(list, kept, REGISTERED)
}

/** Queues the registered tables that are dead, and marks them. */
export function separateDead(): bool {
  if (!separate(false)) return false
  markPending()
  return true
}

/** Queues all registered tables: the state is closed. Their number. */
export function separateAll(): i32 {
  separate(true)
  return load<i32>(G_GC_PENDING)
}

/** Marks what waits to be finalized. */
export function markPending(): void {
  const list: usize = load<u32>(G_GC_FINOBJ)
  if (!list) return
  const end = load<i32>(list, END)
  for (let i = load<i32>(list, HEAD); i < end; i++) markObject(load<u32>(queued(list, i)))
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
  store<u8>(t, u8(i32(load<u8>(t, TABLE_WEAK)) & ~IS_REGISTERED), TABLE_WEAK)
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
  store<i64>(own - 16, slowVersion(BUILTIN_BASE_FINALIZE))
  store<i64>(own, tableWord(takeQueued()))
  store<i32>(G_GC_FINALIZE, 1)
  return enterClosure(link(pc, FRAME_FINALIZER, i32(own - base)), own - 16, 1)
}

/** The finalizer whose frame was at `base` has ended; G_BASE is set. Returns where to go on. */
export function afterFinalizer(base: usize, pc: usize): usize {
  store<i32>(G_TOP, i32(base) + load<i32>(base - 24))
  store<i32>(G_GC_FINALIZE, 0)
  return thenFinalize(pc)
}
