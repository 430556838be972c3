// Weak tables. Those that are alive are in a list, through their gray links. In it:
//
// - While marking goes on they are open like others. Weak values are not marked. Values of weak keys (ephemerons) are
//   marked in passes over the list: of a pair whose key has not been reached, the key is noted (MARK_KEYED), and once a
//   noted one is marked another pass is due (G_GC_KEYS). What is written to a table in the list is marked. So marking is
//   at its end when nothing is gray and no pass is due, and that needs no look at the tables.
// - Then it is known what is dead. Tables with weak values are sealed: they look empty, so that accesses take the long
//   way, on which `open` clears the table. Those that nobody opens are cleared in parts.
// - Dead keys stay until it is known which of them finalizers bring back. A script that holds a key has a living one,
//   so only traversal has to leave dead ones out (`nextPosition`).
//
// Strings and integers are values and never removed.
import {
  BLOCKHEADER_MARK,
  BLOCKHEADER_SIZE,
  G_GC_CURSOR,
  G_GC_KEYS,
  G_GC_PART_AT,
  G_GC_WEAK,
  G_GC_WHITE,
  MARK_BLACK,
  MARK_GRAY,
  MARK_KEYED,
  MEM_DUMMY_NODE,
  NODE_BYTES,
  NODE_KEY,
  NODE_VALUE,
  T_LONGSTRING,
  T_NIL,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_BYTES,
  TABLE_GRAY,
  TABLE_LAST_FREE,
  TABLE_LENGTH_HINT,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TABLE_WEAK,
  V_NIL,
  WEAK_KEYS,
  WEAK_LISTED,
  WEAK_SEALED,
  WEAK_VALUES,
} from '../generated/layout'
import { forgetKey, mark, PART } from './gc-mark'
import { arraySize, entries, hasNodes, isSealed } from './table'
import { high, isCollectableTag, low } from './value'

const WEAKNESS: i32 = WEAK_KEYS | WEAK_VALUES
/** Table field: the size of the array part while the table is sealed. */
const SEALED_SIZE: usize = TABLE_LENGTH_HINT
/** Table field: the nodes while the table is sealed. */
const SEALED_NODES: usize = TABLE_LAST_FREE

function weaknessOf(t: usize): i32 {
  return i32(load<u8>(t, TABLE_WEAK)) & WEAKNESS
}

/** Notes how weak a table is that is being visited, and puts a weak one on the list. Its weakness. */
export function becomeWeak(t: usize, weak: i32): i32 {
  const others = i32(load<u8>(t, TABLE_WEAK)) & ~WEAKNESS
  store<u8>(t, u8(weak ? others | weak | WEAK_LISTED : others), TABLE_WEAK)
  if (!weak) return 0
  store<u32>(t, load<u32>(G_GC_WEAK), TABLE_GRAY)
  store<u32>(G_GC_WEAK, u32(t))
  if (weak == WEAK_KEYS) store<i32>(G_GC_KEYS, 1)
  return weak
}

/** Begins to go through the list. */
export function startList(): void {
  store<u32>(G_GC_CURSOR, load<u32>(G_GC_WEAK))
  store<i32>(G_GC_PART_AT, 0)
}

/** Goes on with the table behind `t`. */
function leave(t: usize): void {
  store<u32>(G_GC_CURSOR, load<u32>(t, TABLE_GRAY))
  store<i32>(G_GC_PART_AT, 0)
}

/** End of the part of a table that begins at G_GC_PART_AT. */
function partEnd(t: usize): i32 {
  return min(load<i32>(G_GC_PART_AT) + PART, entries(t))
}

/** Begins a pass over the values of weak keys if one is due; the work done in bytes, 0 if none is. */
export function startPass(): i32 {
  if (!load<i32>(G_GC_KEYS)) return 0
  store<i32>(G_GC_KEYS, 0)
  startList()
  return TABLE_BYTES
}

/** A piece of a pass; the work done, in bytes. */
export function convergePart(): i32 {
  const t: usize = load<u32>(G_GC_CURSOR)
  if (weaknessOf(t) != WEAK_KEYS) {
    leave(t)
    return 8
  }
  const from = load<i32>(G_GC_PART_AT)
  const to = partEnd(t)
  const size = arraySize(t)
  const array: usize = load<u32>(t, TABLE_ARRAY)
  let i = from
  for (; i < to && i < size; i++) mark(load<i64>(array + (usize(i) << 3)))
  let node = usize(load<u32>(t, TABLE_NODES)) + usize((i - size) * NODE_BYTES)
  for (; i < to; i++) {
    convergeNode(node)
    node += NODE_BYTES
  }
  if (to == entries(t)) leave(t)
  else store<i32>(G_GC_PART_AT, to)
  return TABLE_BYTES + ((to - from) << 4)
}

/** Marks the value of a key that has been marked; another key is noted if its value waits for it. */
function convergeNode(node: usize): void {
  const value = load<i64>(node, NODE_VALUE)
  if (high(value) == T_NIL) {
    forgetKey(node)
    return
  }
  const key = load<i64>(node, NODE_KEY)
  if (isValue(key) || i32(load<u8>(low(key), BLOCKHEADER_MARK)) >= MARK_GRAY) {
    mark(key)
    mark(value)
  } else if (isCollectableTag(high(value)) && i32(load<u8>(low(value), BLOCKHEADER_MARK)) < MARK_GRAY)
    store<u8>(low(key), u8(i32(load<u8>(low(key), BLOCKHEADER_MARK)) | MARK_KEYED), BLOCKHEADER_MARK)
}

/** Is the word no object that can be told from others alike, but a value, such as an integer or a string? */
function isValue(v: i64): bool {
  return !isCollectableTag(high(v)) || high(v) <= T_LONGSTRING
}

/** Has an object not been reached in the cycle whose marking has ended? */
export function isDeadObject(object: usize): bool {
  return (i32(load<u8>(object, BLOCKHEADER_MARK)) & ~MARK_KEYED) == (load<i32>(G_GC_WHITE) ^ 1)
}

/** Is the word an object that is dead? Strings and integers live on: they are marked here. */
export function isDead(v: i64): bool {
  if (!isCollectableTag(high(v)) || !isDeadObject(low(v))) return false
  if (high(v) > T_LONGSTRING) return true
  store<u8>(low(v), u8(MARK_BLACK), BLOCKHEADER_MARK)
  return false
}

/** Makes a table look empty; its contents can be had by `unseal` alone. */
function seal(t: usize): void {
  store<u8>(t, u8(i32(load<u8>(t, TABLE_WEAK)) | WEAK_SEALED), TABLE_WEAK)
  store<i32>(t, arraySize(t), SEALED_SIZE)
  store<u32>(t, load<u32>(t, TABLE_NODES), SEALED_NODES)
  store<i32>(t, 0, TABLE_ARRAY_SIZE)
  store<u32>(t, MEM_DUMMY_NODE, TABLE_NODES)
  store<i32>(t, 0, TABLE_NODE_MASK)
}

function unseal(t: usize): void {
  store<u8>(t, u8(i32(load<u8>(t, TABLE_WEAK)) & ~WEAK_SEALED), TABLE_WEAK)
  store<i32>(t, load<i32>(t, SEALED_SIZE), TABLE_ARRAY_SIZE)
  store<i32>(t, 0, TABLE_LENGTH_HINT)
  const nodes: usize = load<u32>(t, SEALED_NODES)
  store<u32>(t, u32(nodes), TABLE_NODES)
  store<u32>(t, 0, TABLE_LAST_FREE)
  if (nodes == MEM_DUMMY_NODE) return
  // the block is as large as it has to be, or 8 bytes larger
  const count = (load<i32>(nodes - 8, BLOCKHEADER_SIZE) - 8) / NODE_BYTES
  store<i32>(t, count - 1, TABLE_NODE_MASK)
  store<u32>(t, u32(nodes) + u32(count * NODE_BYTES), TABLE_LAST_FREE)
}

/** Seals the tables whose values are weak: it is known now what is dead. */
export function sealAll(): void {
  let t: usize = load<u32>(G_GC_WEAK)
  while (t) {
    if (weaknessOf(t) & WEAK_VALUES && (arraySize(t) > 0 || hasNodes(t))) seal(t)
    t = load<u32>(t, TABLE_GRAY)
  }
}

/** Opens a sealed table, without its dead values. */
export function open(t: usize): void {
  unseal(t)
  clearRange(t, 0, entries(t), WEAK_VALUES)
  if (weaknessOf(t) == WEAK_VALUES) unlist(t)
}

/** The table holds nothing dead any more; it stays in the list. */
function unlist(t: usize): void {
  store<u8>(t, u8(i32(load<u8>(t, TABLE_WEAK)) & ~WEAK_LISTED), TABLE_WEAK)
}

/** Removes dead values from a part of the tables that are still sealed; the work done in bytes, 0 if none is left. */
export function clearValues(): i32 {
  const t: usize = load<u32>(G_GC_CURSOR)
  if (!t) return 0
  if (!isSealed(t)) {
    leave(t)
    return 8
  }
  unseal(t)
  const from = load<i32>(G_GC_PART_AT)
  const to = partEnd(t)
  clearRange(t, from, to, WEAK_VALUES)
  if (to < entries(t)) {
    store<i32>(G_GC_PART_AT, to)
    seal(t)
  } else {
    if (weaknessOf(t) == WEAK_VALUES) unlist(t)
    leave(t)
  }
  return TABLE_BYTES + ((to - from) << 4)
}

/** Removes all that is dead from a part of the tables in the list; the work done in bytes, 0 if there is nothing. */
export function clearKeys(): i32 {
  const t: usize = load<u32>(G_GC_CURSOR)
  if (!t) return 0
  if (!(i32(load<u8>(t, TABLE_WEAK)) & WEAK_LISTED)) {
    leave(t)
    return 8
  }
  const from = load<i32>(G_GC_PART_AT)
  const to = partEnd(t)
  clearRange(t, from, to, weaknessOf(t))
  if (to < entries(t)) store<i32>(G_GC_PART_AT, to)
  else {
    unlist(t)
    leave(t)
  }
  return TABLE_BYTES + ((to - from) << 4)
}

/** Removes pairs among slots and nodes `from` … `to` of a table: with dead keys, dead values, or both, as `what` says. */
export function clearRange(t: usize, from: i32, to: i32, what: i32): void {
  const size = arraySize(t)
  const array: usize = load<u32>(t, TABLE_ARRAY)
  let i = from
  if (!(what & WEAK_VALUES)) i = max(i, min(size, to))
  for (; i < to && i < size; i++) {
    const slot = array + (usize(i) << 3)
    if (isDead(load<i64>(slot))) store<i64>(slot, V_NIL)
  }
  let node = usize(load<u32>(t, TABLE_NODES)) + usize((i - size) * NODE_BYTES)
  for (; i < to; i++) {
    if (
      load<i32>(node, NODE_VALUE + 4) != T_NIL &&
      (((what & WEAK_KEYS) != 0 && isDead(load<i64>(node, NODE_KEY))) ||
        ((what & WEAK_VALUES) != 0 && isDead(load<i64>(node, NODE_VALUE))))
    )
      store<i64>(node, V_NIL, NODE_VALUE)
    if (load<i32>(node, NODE_VALUE + 4) == T_NIL) forgetKey(node)
    node += NODE_BYTES
  }
}
