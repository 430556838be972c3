// Marking: objects without references go black at once, others onto the gray list, from which `traverse`
// takes them. No recursion: what an object refers to is only put on the list.
import {
  BLOCK_LAYOUT,
  BLOCK_OWNER,
  BLOCKHEADER_KIND,
  BLOCKHEADER_MARK,
  BLOCKHEADER_SIZE,
  CHUNK_CONSTANTS,
  CHUNK_COUNT,
  CHUNK_PROTO_LIST,
  CHUNK_PROTOS,
  CHUNK_SOURCE,
  CLOSURE_COUNT,
  CLOSURE_PROTO,
  CLOSURE_UPVALUES,
  EVENT_MODE,
  G_BASE,
  G_GC_AGAIN,
  G_GC_GRAY,
  G_GC_PART,
  G_GC_PART_AT,
  G_GC_PC,
  G_GC_PHASE,
  G_GC_WEAK,
  G_THREAD,
  G_TOP,
  KIND_BIGINT,
  KIND_BLOCK,
  KIND_CHUNK,
  KIND_CLOSURE,
  KIND_LONGSTRING,
  KIND_NATIVE,
  KIND_PROTO,
  KIND_STRING,
  KIND_TABLE,
  KIND_THREAD,
  KIND_UPVALUE,
  NATIVE_COUNT,
  NATIVE_VALUES,
  NODE_BYTES,
  NODE_KEY,
  NODE_VALUE,
  PROTO_CHUNK,
  PROTO_CODE,
  PROTO_LIVE_OFFSET,
  PROTO_WORDS,
  STATUS_DEAD,
  STATUS_SUSPENDED,
  T_CLOSURE,
  T_EMPTY,
  T_NIL,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_GRAY,
  TABLE_META,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TABLE_WEAK,
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
  UPVALUE_AT,
  UPVALUE_NEXT,
  UPVALUE_VALUE,
  V_NIL,
} from '../generated/layout'
import { section, wordIndex } from './debug-info'
import { frameEnd, setStackEnd } from './frames'
import { cutBlock } from './memory'
import { isLibrary } from './message'
import { fastMetamethod } from './metatable'
import { bytesOf, lengthOf } from './string'
import { isLarge } from './table'
import { high, isCollectableTag, isStringTag, low, objectAt, tagAt } from './value'

const GRAY: i32 = 2
const BLACK: i32 = 3
const PROPAGATE: i32 = 1
/** Bytes of a stack that are kept in any case. */
const LEAST_STACK: i32 = 1024

/** PROTO_LIVE_OFFSET: everything up to the end of the frame is in use. */
const ALL_LIVE: i32 = 255

/** Slots and nodes of a large table that are visited at once. */
const PART: i32 = 256

/** The forward barrier: a black object that does not go gray again has been given this value. */
export function barrier(object: usize, v: i64): void {
  if (load<u8>(object, BLOCKHEADER_MARK) == BLACK && load<i32>(G_GC_PHASE) == PROPAGATE) mark(v)
}

/** Marks what a word refers to, if anything. */
export function mark(v: i64): void {
  if (isCollectableTag(high(v))) markObject(low(v))
}

/** Marks an object; 0 is none. */
export function markObject(object: usize): void {
  if (!object || i32(load<u8>(object, BLOCKHEADER_MARK)) >= GRAY) return
  const kind: i32 = load<u8>(object, BLOCKHEADER_KIND)
  if (kind == KIND_STRING || kind == KIND_LONGSTRING || kind == KIND_BIGINT) {
    store<u8>(object, u8(BLACK), BLOCKHEADER_MARK)
    return
  }
  store<u8>(object, u8(GRAY), BLOCKHEADER_MARK)
  if (kind == KIND_UPVALUE) {
    // its gray link is the field NEXT of closed ones; open ones belong to their coroutine's list
    markUpvalue(object)
    return
  }
  store<u32>(object, load<u32>(G_GC_GRAY), TABLE_GRAY)
  store<u32>(G_GC_GRAY, u32(object))
}

/** An upvalue: its value directly, or the coroutine whose stack holds it. */
function markUpvalue(upvalue: usize): void {
  store<u8>(upvalue, u8(BLACK), BLOCKHEADER_MARK)
  const inside = upvalue + UPVALUE_VALUE
  if (load<u32>(upvalue, UPVALUE_AT) != u32(inside)) {
    // open: VALUE holds the coroutine
    queue(load<u32>(inside))
    return
  }
  const v = load<i64>(inside)
  if (isCollectableTag(high(v))) queue(low(v))
}

/** Puts an object on the gray list; one without references goes black. Never an upvalue. */
function queue(object: usize): void {
  if (i32(load<u8>(object, BLOCKHEADER_MARK)) >= GRAY) return
  const kind: i32 = load<u8>(object, BLOCKHEADER_KIND)
  if (kind == KIND_STRING || kind == KIND_LONGSTRING || kind == KIND_BIGINT) {
    store<u8>(object, u8(BLACK), BLOCKHEADER_MARK)
    return
  }
  store<u8>(object, u8(GRAY), BLOCKHEADER_MARK)
  store<u32>(object, load<u32>(G_GC_GRAY), TABLE_GRAY)
  store<u32>(G_GC_GRAY, u32(object))
}

/** Visits a gray object; the work done, in bytes. */
export function traverse(object: usize): i32 {
  const kind: i32 = load<u8>(object, BLOCKHEADER_KIND)
  store<u8>(object, u8(BLACK), BLOCKHEADER_MARK)
  if (kind == KIND_TABLE) return traverseTable(object)
  if (kind == KIND_CLOSURE) return traverseClosure(object)
  if (kind == KIND_THREAD) return traverseThread(object)
  if (kind == KIND_PROTO) markObject(load<u32>(object, PROTO_CHUNK))
  else if (kind == KIND_CHUNK) return traverseChunk(object)
  else if (kind == KIND_NATIVE) {
    const count: i32 = load<u16>(object, NATIVE_COUNT)
    for (let i: i32 = 0; i < count; i++) mark(load<i64>(object + (usize(i) << 3), NATIVE_VALUES))
  } else if (kind == KIND_BLOCK) {
    markObject(load<u32>(object, BLOCK_OWNER))
    markObject(load<u32>(object, BLOCK_LAYOUT))
  }
  return load<i32>(object, BLOCKHEADER_SIZE)
}

function traverseClosure(closure: usize): i32 {
  markObject(load<u32>(closure, CLOSURE_PROTO))
  const count: i32 = load<u16>(closure, CLOSURE_COUNT)
  for (let i: i32 = 0; i < count; i++) markObject(load<u32>(closure + (usize(i) << 2), CLOSURE_UPVALUES))
  return load<i32>(closure, BLOCKHEADER_SIZE)
}

function traverseChunk(chunk: usize): i32 {
  markObject(load<u32>(chunk, CHUNK_SOURCE))
  const constants = load<i32>(chunk, CHUNK_COUNT)
  for (let i: i32 = 0; i < constants; i++) mark(load<i64>(chunk + (usize(i) << 3), CHUNK_CONSTANTS))
  const protos = load<i32>(chunk, CHUNK_PROTOS)
  const list: usize = load<u32>(chunk, CHUNK_PROTO_LIST)
  for (let i: i32 = 0; i < protos; i++) markObject(load<u32>(list + (usize(i) << 2)))
  return load<i32>(chunk, BLOCKHEADER_SIZE)
}

/** The weakness that a metatable's __mode asks for: bit 0 keys, bit 1 values. */
function weakness(meta: usize): i32 {
  const mode = fastMetamethod(meta, EVENT_MODE)
  if (!isStringTag(high(mode))) return 0
  let bits: i32 = 0
  const s = low(mode)
  for (let i: i32 = 0; i < lengthOf(s); i++) {
    const c = load<u8>(bytesOf(s) + usize(i))
    if (c == 107) bits |= 1
    if (c == 118) bits |= 2
  }
  return bits
}

function traverseTable(t: usize): i32 {
  const meta: usize = load<u32>(t, TABLE_META)
  markObject(meta)
  const weak = meta ? weakness(meta) : 0
  store<u8>(t, u8(weak | (i32(load<u8>(t, TABLE_WEAK)) & ~3)), TABLE_WEAK)
  const size = load<i32>(t, TABLE_ARRAY_SIZE)
  const mask = load<i32>(t, TABLE_NODE_MASK)
  if (weak) {
    if (load<i32>(G_GC_PHASE) == PROPAGATE) {
      // stays gray, and is visited at the end of the cycle, when it is known what is alive
      store<u8>(t, u8(GRAY), BLOCKHEADER_MARK)
      store<u32>(t, load<u32>(G_GC_AGAIN), TABLE_GRAY)
      store<u32>(G_GC_AGAIN, u32(t))
      return 40
    }
    store<u32>(t, load<u32>(G_GC_WEAK), TABLE_GRAY)
    store<u32>(G_GC_WEAK, u32(t))
    if (weak == 3) return 40
  }
  if (weak == 0 && load<i32>(G_GC_PHASE) == PROPAGATE && isLarge(t)) {
    store<u32>(G_GC_PART, u32(t))
    store<i32>(G_GC_PART_AT, 0)
    return 40
  }
  if ((weak & 2) == 0) {
    const array: usize = load<u32>(t, TABLE_ARRAY)
    for (let i: i32 = 0; i < size; i++) mark(load<i64>(array + (usize(i) << 3)))
  }
  traverseNodes(t, weak)
  return 40 + (size << 3) + mask * NODE_BYTES
}

/** Goes on with a large table, for some of its slots and nodes; the work done, in bytes. */
export function traversePart(): i32 {
  const t: usize = load<u32>(G_GC_PART)
  const size = load<i32>(t, TABLE_ARRAY_SIZE)
  const count = size + load<i32>(t, TABLE_NODE_MASK) + 1
  const array: usize = load<u32>(t, TABLE_ARRAY)
  const nodes: usize = load<u32>(t, TABLE_NODES)
  let i = load<i32>(G_GC_PART_AT)
  const end = i + PART < count ? i + PART : count
  const work = (end - i) << 4
  for (; i < end && i < size; i++) mark(load<i64>(array + (usize(i) << 3)))
  for (; i < end; i++) markNode(nodes + usize((i - size) * NODE_BYTES), 0)
  store<i32>(G_GC_PART_AT, end)
  if (end == count) store<u32>(G_GC_PART, 0)
  return work
}

function traverseNodes(t: usize, weak: i32): void {
  let node: usize = load<u32>(t, TABLE_NODES)
  const end = node + usize((load<i32>(t, TABLE_NODE_MASK) + 1) * NODE_BYTES)
  for (; node < end; node += NODE_BYTES) markNode(node, weak)
}

/** Marks key and value; of weak keys' pairs (ephemerons) the value waits, of weak values only the key counts. */
function markNode(node: usize, weak: i32): void {
  if (load<i32>(node, NODE_VALUE + 4) == T_NIL) {
    forgetKey(node)
    return
  }
  if ((weak & 1) == 0) mark(load<i64>(node, NODE_KEY))
  if (weak == 0) mark(load<i64>(node, NODE_VALUE))
}

/** The key of a removed pair no longer keeps its object alive; traversal can still find its place. */
export function forgetKey(node: usize): void {
  if (isCollectableTag(load<i32>(node, NODE_KEY + 4))) store<i32>(node, T_EMPTY, NODE_KEY + 4)
}

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
 * A coroutine's stack. While marking goes on, those that run stay gray: their stacks change without barriers. What
 * lies above the part in use is cleared before the end, so that no slot ever dangles.
 */
function traverseThread(thread: usize): i32 {
  const isFinal = load<i32>(G_GC_PHASE) != PROPAGATE || isSettled(thread)
  if (!isFinal) {
    store<u8>(thread, u8(GRAY), BLOCKHEADER_MARK)
    store<u32>(thread, load<u32>(G_GC_AGAIN), TABLE_GRAY)
    store<u32>(G_GC_AGAIN, u32(thread))
  }
  markObject(load<u32>(thread, THREAD_RESUMER))
  markObject(load<u32>(thread, THREAD_HOOK))
  mark(load<i64>(thread, THREAD_ERROR))
  let slot: usize = usize(load<u32>(thread, THREAD_STACK)) + 8
  const end: usize = slot - 8 + usize(load<u32>(thread, THREAD_STACK_BYTES))
  const top = stackTop(thread)
  const live = liveTop(thread, top)
  for (; slot < live; slot += 8) mark(load<i64>(slot))
  if (isFinal) {
    for (; slot + 8 <= end; slot += 8) store<i64>(slot, V_NIL)
    cutStack(thread, i32(top - load<u32>(thread, THREAD_STACK)))
  }
  let upvalue: usize = load<u32>(thread, THREAD_OPEN)
  while (upvalue) {
    store<u8>(upvalue, u8(BLACK), BLOCKHEADER_MARK)
    upvalue = load<u32>(upvalue, UPVALUE_NEXT)
  }
  return load<i32>(thread, THREAD_STACK_BYTES)
}
