// Marking: objects without references go black at once, others onto the gray list, from which `propagate`
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
  G_GC_CURSOR,
  G_GC_GRAY,
  G_GC_KEYS,
  G_GC_PART,
  G_GC_PART_AT,
  G_GC_PHASE,
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
  MARK_BLACK,
  MARK_GRAY,
  MARK_KEYED,
  NATIVE_COUNT,
  NATIVE_VALUES,
  NODE_BYTES,
  NODE_KEY,
  NODE_VALUE,
  PHASE_PROPAGATE,
  PROTO_CHUNK,
  T_EMPTY,
  T_NIL,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_BYTES,
  TABLE_FLAGS,
  TABLE_GRAY,
  TABLE_META,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TABLE_WEAK,
  UPVALUE_AT,
  UPVALUE_VALUE,
  V_NIL,
  WEAK_KEYS,
  WEAK_VALUES,
} from '../generated/layout'
import { traverseThread } from './gc-stack'
import { becomeWeak, convergePart, startPass } from './gc-weak'
import { eventName } from './metatable'
import { bytesOf, lengthOf } from './string'
import { entries, findString, isLarge } from './table'
import { high, isCollectableTag, isStringTag, low } from './value'

/** Slots and nodes of a large table that are visited at once. */
export const PART: i32 = 256

/** The forward barrier: a black object that does not go gray again has been given this value. */
export function barrier(object: usize, v: i64): void {
  if (load<u8>(object, BLOCKHEADER_MARK) == MARK_BLACK && load<i32>(G_GC_PHASE) == PHASE_PROPAGATE) mark(v)
}

/** Marks what a word refers to, if anything. */
export function mark(v: i64): void {
  if (isCollectableTag(high(v))) markObject(low(v))
}

/** Marks an object; 0 is none. */
export function markObject(object: usize): void {
  if (!object || i32(load<u8>(object, BLOCKHEADER_MARK)) >= MARK_GRAY) return
  // the gray link of upvalues is the field NEXT of closed ones; open ones belong to their coroutine's list
  if (load<u8>(object, BLOCKHEADER_KIND) == KIND_UPVALUE) markUpvalue(object)
  else queue(object)
}

/** An upvalue: its value directly, or the coroutine whose stack holds it. */
function markUpvalue(upvalue: usize): void {
  store<u8>(upvalue, u8(MARK_BLACK), BLOCKHEADER_MARK)
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
  const before: i32 = load<u8>(object, BLOCKHEADER_MARK)
  if (before >= MARK_GRAY) return
  if (before >= MARK_KEYED) store<i32>(G_GC_KEYS, 1)
  const kind: i32 = load<u8>(object, BLOCKHEADER_KIND)
  if (kind == KIND_STRING || kind == KIND_LONGSTRING || kind == KIND_BIGINT) {
    store<u8>(object, u8(MARK_BLACK), BLOCKHEADER_MARK)
    return
  }
  store<u8>(object, u8(MARK_GRAY), BLOCKHEADER_MARK)
  store<u32>(object, load<u32>(G_GC_GRAY), TABLE_GRAY)
  store<u32>(G_GC_GRAY, u32(object))
}

/** Visits a gray object, or a part of a large table or of the weak ones; the work done in bytes, 0 if all is marked. */
export function propagate(): i32 {
  if (load<u32>(G_GC_PART)) return traversePart()
  if (load<u32>(G_GC_CURSOR)) return convergePart()
  const object: usize = load<u32>(G_GC_GRAY)
  if (object) {
    store<u32>(G_GC_GRAY, load<u32>(object, TABLE_GRAY))
    return traverse(object)
  }
  return startPass()
}

/** Visits a gray object; the work done, in bytes. */
function traverse(object: usize): i32 {
  const kind: i32 = load<u8>(object, BLOCKHEADER_KIND)
  store<u8>(object, u8(MARK_BLACK), BLOCKHEADER_MARK)
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

/** The weakness that a metatable's __mode asks for. While objects are visited no table is sealed. */
function weakness(meta: usize): i32 {
  if (i32(load<u8>(meta, TABLE_FLAGS)) & (1 << EVENT_MODE)) return 0
  const at = findString(meta, eventName(EVENT_MODE))
  const mode = at ? load<i64>(at) : V_NIL
  if (high(mode) == T_NIL)
    store<u8>(meta, u8(i32(load<u8>(meta, TABLE_FLAGS)) | (1 << EVENT_MODE)), TABLE_FLAGS)
  if (!isStringTag(high(mode))) return 0
  let bits: i32 = 0
  const s = low(mode)
  for (let i: i32 = 0; i < lengthOf(s); i++) {
    const c = load<u8>(bytesOf(s) + usize(i))
    if (c == 107) bits |= WEAK_KEYS
    if (c == 118) bits |= WEAK_VALUES
  }
  return bits
}

/** A table: large ones in parts, and those with weak keys later. */
function traverseTable(t: usize): i32 {
  const meta: usize = load<u32>(t, TABLE_META)
  markObject(meta)
  if (becomeWeak(t, meta ? weakness(meta) : 0) & WEAK_KEYS) return TABLE_BYTES
  if (isLarge(t)) {
    store<u32>(G_GC_PART, u32(t))
    store<i32>(G_GC_PART_AT, 0)
    return TABLE_BYTES
  }
  visit(t, 0, entries(t))
  return TABLE_BYTES + (load<i32>(t, TABLE_ARRAY_SIZE) << 3) + load<i32>(t, TABLE_NODE_MASK) * NODE_BYTES
}

/** Goes on with a large table, for some of its slots and nodes; the work done, in bytes. */
function traversePart(): i32 {
  const t: usize = load<u32>(G_GC_PART)
  const count = entries(t)
  const i = load<i32>(G_GC_PART_AT)
  const end = i + PART < count ? i + PART : count
  visit(t, i, end)
  store<i32>(G_GC_PART_AT, end)
  if (end == count) store<u32>(G_GC_PART, 0)
  return (end - i) << 4
}

/** Marks what slots and nodes `from` … `to` refer to, but not weak values. The table's keys are not weak. */
function visit(t: usize, from: i32, to: i32): void {
  const isWeak = (i32(load<u8>(t, TABLE_WEAK)) & WEAK_VALUES) != 0
  const size = load<i32>(t, TABLE_ARRAY_SIZE)
  const array: usize = load<u32>(t, TABLE_ARRAY)
  let i = from
  if (isWeak) i = max(i, min(size, to))
  for (; i < to && i < size; i++) mark(load<i64>(array + (usize(i) << 3)))
  let node = usize(load<u32>(t, TABLE_NODES)) + usize((i - size) * NODE_BYTES)
  for (; i < to; i++) {
    markNode(node, isWeak)
    node += NODE_BYTES
  }
}

function markNode(node: usize, isWeak: bool): void {
  if (load<i32>(node, NODE_VALUE + 4) == T_NIL) {
    forgetKey(node)
    return
  }
  mark(load<i64>(node, NODE_KEY))
  if (!isWeak) mark(load<i64>(node, NODE_VALUE))
}

/** The key of a removed pair no longer keeps its object alive; traversal can still find its place. */
export function forgetKey(node: usize): void {
  if (isCollectableTag(load<i32>(node, NODE_KEY + 4))) store<i32>(node, T_EMPTY, NODE_KEY + 4)
}
