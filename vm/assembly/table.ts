// Tables: an array part for keys 1…n and a hash part of chained nodes with Brent's variation, as in the
// reference implementation (ltable.c): a colliding key that is not in its main position moves away.
import {
  BIGINT_VALUE,
  BLOCKHEADER_MARK,
  G_GC_AGAIN,
  G_GC_CURSOR,
  G_GC_KEYS,
  G_GC_PART,
  G_GC_PART_AT,
  G_GC_PHASE,
  G_SEED,
  KIND_TABLE,
  MARK_BLACK,
  MARK_GRAY,
  MEM_DUMMY_NODE,
  MEM_SCRATCH,
  NODE_BYTES,
  NODE_KEY,
  NODE_NEXT,
  NODE_VALUE,
  PHASE_KEYS,
  PHASE_PROPAGATE,
  STRING_HASH,
  T_BIGINT,
  T_EMPTY,
  T_LONGSTRING,
  T_MAX,
  T_NIL,
  T_STRING,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_BYTES,
  TABLE_FLAGS,
  TABLE_GRAY,
  TABLE_LAST_FREE,
  TABLE_LENGTH_HINT,
  TABLE_META,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TABLE_WEAK,
  V_EMPTY,
  V_NIL,
  WEAK_KEYS,
  WEAK_LISTED,
  WEAK_SEALED,
} from '../generated/layout'
import { payForSteps } from './fuel'
import { barrier, mark } from './gc-mark'
import { clearRange, isDead, open } from './gc-weak'
import { free, newObject, tryRaw } from './memory'
import { sameLongString, stringHash } from './string'
import { high, integerOf, isStringTag, low, tableWord, tagged } from './value'

/** Bytes of array and nodes that the collector visits at once. */
const LARGE: i32 = 8192

/** An empty table. */
export function newTable(): usize {
  const t = newObject(TABLE_BYTES, KIND_TABLE)
  store<i32>(t, 0, TABLE_ARRAY)
  store<i32>(t, 0, TABLE_ARRAY_SIZE)
  store<i32>(t, MEM_DUMMY_NODE, TABLE_NODES)
  store<i32>(t, 0, TABLE_NODE_MASK)
  store<i32>(t, 0, TABLE_META)
  store<i32>(t, 0, TABLE_LAST_FREE)
  store<i32>(t, 0, TABLE_LENGTH_HINT)
  return t
}

export function arraySize(t: usize): i32 {
  return load<i32>(t, TABLE_ARRAY_SIZE)
}

/** The write barrier: a black object that is written to is visited again. */
export function touch(object: usize): void {
  if (load<u8>(object, BLOCKHEADER_MARK) != MARK_BLACK || load<i32>(G_GC_PHASE) != PHASE_PROPAGATE) return
  grayAgain(object)
}

/** The object is visited once more before marking ends. */
export function grayAgain(object: usize): void {
  store<u8>(object, u8(MARK_GRAY), BLOCKHEADER_MARK)
  store<u32>(object, load<u32>(G_GC_AGAIN), TABLE_GRAY)
  store<u32>(G_GC_AGAIN, u32(object))
}

/**
 * The same where `v` alone has been written: visiting a large table again would take long, and weak ones are in a
 * list, so `v` is marked.
 */
export function touchWith(t: usize, v: i64): void {
  if (load<u8>(t, BLOCKHEADER_MARK) != MARK_BLACK) return
  if (isLarge(t) || isListed(t)) barrier(t, v)
  else touch(t)
}

/** The same for `count` values that have been written from address `at` on. */
export function touchRange(t: usize, at: usize, count: i32): void {
  if (load<u8>(t, BLOCKHEADER_MARK) != MARK_BLACK || load<i32>(G_GC_PHASE) != PHASE_PROPAGATE) return
  for (let i: i32 = 0; i < count; i++) mark(load<i64>(at + (usize(i) << 3)))
}

/** Elements have moved down by one place: one has moved to where the collector has been already. */
export function movedDown(t: usize): void {
  const passed = load<i32>(G_GC_PART_AT)
  if (isUnderWay(t) && passed > 0 && passed <= arraySize(t))
    barrier(t, load<i64>(usize(load<u32>(t, TABLE_ARRAY)) + (usize(passed - 1) << 3)))
}

/** Elements have changed places: if some of them have been visited, all are once more. */
export function reordered(t: usize): void {
  if (load<u32>(G_GC_PART) == u32(t)) touch(t)
  else if (load<u32>(G_GC_CURSOR) == u32(t)) store<i32>(G_GC_KEYS, 1)
}

/** Has the collector visited a part of the table? */
function isUnderWay(t: usize): bool {
  return load<u32>(G_GC_PART) == u32(t) || load<u32>(G_GC_CURSOR) == u32(t)
}

/** Gives a table a metatable; 0: none. */
export function setMetatable(t: usize, meta: usize): void {
  store<u32>(t, u32(meta), TABLE_META)
  if (meta) barrier(t, tableWord(meta))
}

/** Is the table one of the weak ones that the collector has found, and may it hold dead keys? */
function isListed(t: usize): bool {
  return (i32(load<u8>(t, TABLE_WEAK)) & WEAK_LISTED) != 0
}

/** May the table hold dead values? It looks empty, and has to be opened (gc-weak.ts) before what is not found is absent. */
export function isSealed(t: usize): bool {
  return (i32(load<u8>(t, TABLE_WEAK)) & WEAK_SEALED) != 0
}

/** Slots of the array part and nodes. */
export function entries(t: usize): i32 {
  return arraySize(t) + load<i32>(t, TABLE_NODE_MASK) + 1
}

/** Is the table so large that the collector visits it in parts? */
export function isLarge(t: usize): bool {
  return (arraySize(t) << 3) + load<i32>(t, TABLE_NODE_MASK) * NODE_BYTES > LARGE
}

/** The table's parts have changed: if the collector has visited some, it begins again. */
function moved(t: usize): void {
  if (isUnderWay(t)) store<i32>(G_GC_PART_AT, 0)
}

/**
 * Hash of an integer, by the state's seed: keys may come from outside, as addresses of packets do, and nobody is to
 * choose such that fall into one place. Multiply, fold, multiply (constants of splitmix64 and wyhash).
 */
function hashInteger(i: i64): i32 {
  let h = (i ^ (i64(load<i32>(G_SEED)) * 0xa0761d6478bd642f)) * 0x9e3779b97f4a7c15
  h = (h ^ (h >>> 32)) * 0xa0761d6478bd642f
  return i32(h >>> 32)
}

/** Main position of a key that has been looked for before: a long string has its hash by then. */
function mainNode(t: usize, key: i64): usize {
  const tag = high(key)
  let h: i32
  if (isStringTag(tag)) h = load<i32>(low(key), STRING_HASH)
  else h = hashInteger(tag == T_BIGINT ? load<i64>(low(key), BIGINT_VALUE) : key)
  return usize(load<u32>(t, TABLE_NODES)) + usize((h & load<i32>(t, TABLE_NODE_MASK)) * NODE_BYTES)
}

/** Are two keys equal although their words differ? */
function sameKey(a: i64, b: i64): bool {
  const tag = high(a)
  if (tag != high(b)) return false
  if (tag == T_LONGSTRING) return sameLongString(low(a), low(b))
  if (tag == T_BIGINT) return integerOf(a) == integerOf(b)
  return false
}

/** Address of the value of a short-string key; 0 if it is absent or the table sealed. */
export function findString(t: usize, s: usize): usize {
  let node: usize = load<u32>(t, TABLE_NODES)
  node += usize((load<i32>(s, STRING_HASH) & load<i32>(t, TABLE_NODE_MASK)) * NODE_BYTES)
  do {
    if (load<u32>(node, NODE_KEY) == u32(s) && load<i32>(node, NODE_KEY + 4) == T_STRING) return node
    node = load<u32>(node, NODE_NEXT)
  } while (node)
  return 0
}

function findNode(t: usize, key: i64): usize {
  if (high(key) == T_LONGSTRING) stringHash(low(key)) // for mainNode
  let node = mainNode(t, key)
  const byContent = high(key) == T_LONGSTRING || high(key) == T_BIGINT
  do {
    const k = load<i64>(node, NODE_KEY)
    if (k == key || (byContent && sameKey(k, key))) return node
    node = load<u32>(node, NODE_NEXT)
  } while (node)
  return 0
}

/** Address of the value of an integer key; 0 if it is absent or the table sealed. */
function findInteger(t: usize, key: i64): usize {
  if (u64(key - 1) < u64(load<u32>(t, TABLE_ARRAY_SIZE)))
    return usize(load<u32>(t, TABLE_ARRAY)) + (usize(key - 1) << 3)
  return findNode(t, key)
}

/** Address of the value of any key; 0 if it is absent or the table sealed. */
export function find(t: usize, key: i64): usize {
  const tag = high(key)
  if (tag == T_STRING) return findString(t, low(key))
  if (tag > T_MAX) return findInteger(t, key)
  if (tag == T_NIL) return 0
  return findNode(t, key)
}

/** The same for a key that has not been found, in a sealed table, which is opened. */
export function findOpened(t: usize, key: i64): usize {
  open(t)
  return find(t, key)
}

/** Raw value of a key; nil if absent. */
export function get(t: usize, key: i64): i64 {
  let at = find(t, key)
  if (!at && isSealed(t)) at = findOpened(t, key)
  return at ? load<i64>(at) : V_NIL
}

/** Raw value of a short-string key; nil if absent. */
export function getString(t: usize, s: usize): i64 {
  let at = findString(t, s)
  if (!at && isSealed(t)) {
    open(t)
    at = findString(t, s)
  }
  return at ? load<i64>(at) : V_NIL
}

/** Has the table nodes of its own? */
export function hasNodes(t: usize): bool {
  return load<i32>(t, TABLE_NODES) != MEM_DUMMY_NODE
}

/** A node that holds no key, or 0. */
function freeNode(t: usize): usize {
  const nodes: usize = load<u32>(t, TABLE_NODES)
  let node: usize = load<u32>(t, TABLE_LAST_FREE)
  while (node > nodes) {
    node -= NODE_BYTES
    if (load<i32>(node, NODE_KEY + 4) == T_NIL) {
      store<u32>(t, u32(node), TABLE_LAST_FREE)
      return node
    }
  }
  store<u32>(t, u32(nodes), TABLE_LAST_FREE)
  return 0
}

/** Puts an absent key into the hash part. Address for its value, or 0 if no node is free. */
function insertNode(t: usize, key: i64): usize {
  if (!hasNodes(t)) return 0
  const main = mainNode(t, key)
  if (load<i32>(main, NODE_VALUE + 4) == T_NIL) {
    // free, or the place of a removed key: it stays linked in whatever chain it is in
    store<i64>(main, key, NODE_KEY)
    return main
  }
  const empty = freeNode(t)
  if (!empty) return 0
  const other = mainNode(t, load<i64>(main, NODE_KEY))
  if (other == main) {
    store<u32>(empty, load<u32>(main, NODE_NEXT), NODE_NEXT)
    store<u32>(main, u32(empty), NODE_NEXT)
    store<i64>(empty, key, NODE_KEY)
    return empty
  }
  // the collector may have passed the place to which the other key moves, but not the one where it was
  barrier(t, load<i64>(main, NODE_KEY))
  barrier(t, load<i64>(main, NODE_VALUE))
  evict(main, other, empty, key)
  // the collector may have passed this place
  if (load<i32>(G_GC_PHASE) == PHASE_KEYS) clearEntry(t, empty)
  return main
}

/** Moves the key in `main`, whose own main position is `home`, to `empty`; `key` takes its place. */
function evict(main: usize, home: usize, empty: usize, key: i64): void {
  let before = home
  while (load<u32>(before, NODE_NEXT) != u32(main)) before = load<u32>(before, NODE_NEXT)
  store<u32>(before, u32(empty), NODE_NEXT)
  store<i64>(empty, load<i64>(main, NODE_KEY), NODE_KEY)
  store<i64>(empty, load<i64>(main, NODE_VALUE), NODE_VALUE)
  store<u32>(empty, load<u32>(main, NODE_NEXT), NODE_NEXT)
  store<u32>(main, 0, NODE_NEXT)
  store<i64>(main, V_NIL, NODE_VALUE)
  store<i64>(main, key, NODE_KEY)
}

/** Removes the pair in a node if its key is dead. */
function clearEntry(t: usize, node: usize): void {
  const i = arraySize(t) + i32(node - load<u32>(t, TABLE_NODES)) / NODE_BYTES
  clearRange(t, i, i + 1, WEAK_KEYS)
}

/** Smallest power of two that is at least n (n ≥ 1). */
function powerOfTwo(n: i32): i32 {
  return n <= 1 ? 1 : 1 << (32 - clz(n - 1))
}

/** A block of `count` empty nodes; 0 if there is no room. */
function tryNodes(count: i32): usize {
  const raw = tryRaw(8 + count * NODE_BYTES)
  if (!raw) return 0
  let node = raw + 8
  const end = node + usize(count * NODE_BYTES)
  while (node < end) {
    store<i64>(node, V_NIL, NODE_VALUE)
    store<i64>(node, V_NIL, NODE_KEY)
    store<i64>(node, 0, NODE_NEXT)
    node += NODE_BYTES
  }
  return raw
}

/** Gives the table an array part of `size` slots, at least as many as now; false if there is no room. */
export function growArray(t: usize, size: i32): bool {
  const raw = tryRaw(8 + (size << 3))
  if (!raw) return false
  const old: usize = load<u32>(t, TABLE_ARRAY)
  const count = arraySize(t)
  const array = raw + 8
  let i: i32 = 0
  for (; i < count; i++) store<i64>(array + (i << 3), load<i64>(old + (i << 3)))
  for (; i < size; i++) store<i64>(array + (i << 3), V_NIL)
  if (old) free(old - 8)
  store<u32>(t, u32(array), TABLE_ARRAY)
  store<i32>(t, size, TABLE_ARRAY_SIZE)
  moved(t)
  return true
}

/** Gives the table new parts and moves everything over; false, with nothing changed, if there is no room. */
function resize(t: usize, arrayCount: i32, nodeCount: i32): bool {
  const nodes: usize = nodeCount > 0 ? tryNodes(nodeCount) : 0
  if (nodeCount > 0 && !nodes) return false
  if (arrayCount > arraySize(t) && !growArray(t, arrayCount)) {
    if (nodes) free(nodes)
    return false
  }
  const old: usize = hasNodes(t) ? usize(load<u32>(t, TABLE_NODES)) : 0
  const oldCount = load<i32>(t, TABLE_NODE_MASK) + 1
  moved(t)
  store<u32>(t, nodes ? u32(nodes + 8) : u32(MEM_DUMMY_NODE), TABLE_NODES)
  store<i32>(t, nodes ? nodeCount - 1 : 0, TABLE_NODE_MASK)
  store<u32>(t, nodes ? u32(nodes + 8) + u32(nodeCount * NODE_BYTES) : 0, TABLE_LAST_FREE)
  if (old) {
    reinsert(t, old, oldCount)
    free(old - 8)
  }
  return true
}

/** Puts the pairs of the old nodes into the table's new parts. */
function reinsert(t: usize, old: usize, count: i32): void {
  for (let i = count - 1; i >= 0; i--) {
    const node = old + usize(i * NODE_BYTES)
    const value = load<i64>(node, NODE_VALUE)
    if (high(value) == T_NIL) continue
    const key = load<i64>(node, NODE_KEY)
    let at: usize
    if (high(key) > T_MAX && u64(key - 1) < u64(load<u32>(t, TABLE_ARRAY_SIZE))) at = findInteger(t, key)
    else at = insertNode(t, key)
    store<i64>(at, value)
  }
}

/** Number of keys 2^(slice-1) < k ≤ 2^slice in use, array part and hash part, is counted at COUNTS. */
const COUNTS: usize = MEM_SCRATCH

function countSlot(key: i64): usize {
  return COUNTS + (usize(64 - clz(key - 1)) << 2)
}

function countKey(key: i64): i32 {
  if (high(key) <= T_MAX || key < 1 || key > 0x4000000) return 0
  const at = key == 1 ? COUNTS : countSlot(key)
  store<i32>(at, load<i32>(at) + 1)
  return 1
}

/** Counts the array part's values by slices; the whole number. */
function countArray(t: usize): i32 {
  const size = arraySize(t)
  const array: usize = load<u32>(t, TABLE_ARRAY)
  let total: i32 = 0
  let i: i32 = 0
  let slice: usize = COUNTS
  for (let end: i32 = 1; i < size; end <<= 1) {
    let used: i32 = 0
    const stop = end < size ? end : size
    for (; i < stop; i++) if (load<i32>(array + (i << 3), 4) != T_NIL) used++
    store<i32>(slice, load<i32>(slice) + used)
    slice += 4
    total += used
  }
  return total
}

/** The largest n, a power of two, such that more than half of 1…n are in use. */
function bestArraySize(integerKeys: i32): i32 {
  let sum: i32 = 0
  let best: i32 = 0
  let slice: usize = COUNTS
  for (let n: i32 = 1; n > 0 && integerKeys > n >> 1; n <<= 1) {
    sum += load<i32>(slice)
    if (sum > n >> 1) best = n
    slice += 4
  }
  return best
}

/** Makes room for one more key; false if there is no memory for it. */
function rehash(t: usize, key: i64): bool {
  for (let i: usize = 0; i < 32; i++) store<i32>(COUNTS + (i << 2), 0)
  let integers = countArray(t)
  let total = integers
  const nodes: usize = load<u32>(t, TABLE_NODES)
  for (let i = load<i32>(t, TABLE_NODE_MASK); i >= 0; i--) {
    const node = nodes + usize(i * NODE_BYTES)
    if (load<i32>(node, NODE_VALUE + 4) != T_NIL) {
      integers += countKey(load<i64>(node, NODE_KEY))
      total++
    }
  }
  integers += countKey(key)
  total++
  let array = bestArraySize(integers)
  if (array < arraySize(t)) array = arraySize(t)
  return resize(t, array, nodesFor(t, array, total))
}

/** Nodes of a table that are arranged anew in no time. */
const FEW_NODES: i32 = 32

/**
 * Would a table's parts keep their sizes with hardly a node left free for more than `outside` pairs? Where pairs come
 * and go it would be full again at once, and each new pair would take as long as all others.
 */
function isTight(t: usize, array: i32, nodes: i32, outside: i32): bool {
  return (
    nodes > FEW_NODES &&
    nodes == load<i32>(t, TABLE_NODE_MASK) + 1 &&
    array == arraySize(t) &&
    outside > nodes - (nodes >> 2)
  )
}

/** Number of nodes for the keys that the array part of this size does not hold. */
function nodesFor(t: usize, array: i32, total: i32): i32 {
  let held: i32 = 0
  let slice: usize = COUNTS
  for (let n: i32 = 1; n > 0 && n <= array; n <<= 1) {
    held += load<i32>(slice)
    slice += 4
  }
  // an array part that is not a power of two: its last slice counts as held when it is all inside
  if (array == arraySize(t) && (array & (array - 1)) != 0) held = countInside(t, array, held)
  const outside = total - held
  const nodes = outside > 0 ? powerOfTwo(outside) : 0
  return isTight(t, array, nodes, outside) ? nodes << 1 : nodes
}

function countInside(t: usize, array: i32, whole: i32): i32 {
  let held = whole
  const from = 1 << (31 - clz(array))
  const slots: usize = load<u32>(t, TABLE_ARRAY)
  for (let i = from; i < array; i++) if (load<i32>(slots + (i << 3), 4) != T_NIL) held++
  return held
}

/** Address for the value of a key that is absent from the table; 0 if there is no room. */
function insert(t: usize, key: i64): usize {
  const size = arraySize(t)
  if (high(key) > T_MAX && key == i64(size) + 1 && !hasNodes(t)) {
    // appending to a sequence
    if (!growArray(t, size < 4 ? 4 : size << 1)) return 0
    return findInteger(t, key)
  }
  const at = insertNode(t, key)
  if (at) return at
  if (!rehash(t, key)) return 0
  if (high(key) > T_MAX && u64(key - 1) < u64(load<u32>(t, TABLE_ARRAY_SIZE))) return findInteger(t, key)
  return insertNode(t, key)
}

/**
 * Raw assignment; the key is neither nil nor EMPTY. False, with nothing changed, if there is no room.
 * Forgets which metamethods are absent, and keeps the collector's invariant.
 */
export function set(t: usize, key: i64, value: i64): bool {
  let at = find(t, key)
  if (!at && isSealed(t)) at = findOpened(t, key)
  if (!at) {
    if (high(value) == T_NIL) return true
    at = insert(t, key)
    if (!at) return false
    touchWith(t, key)
  }
  store<i64>(at, value)
  store<u8>(t, 0, TABLE_FLAGS)
  touchWith(t, value)
  return true
}

/** Room for so many array elements and hash fields; false if there is no memory for them. */
export function reserve(t: usize, array: i32, fields: i32): bool {
  if (array > arraySize(t) && !growArray(t, array)) return false
  return fields == 0 || resize(t, arraySize(t), powerOfTwo(fields))
}

/** A border of the table (the result of # without __len). */
export function border(t: usize): i64 {
  if (arraySize(t) == 0 && isSealed(t)) open(t)
  const size = arraySize(t)
  const array: usize = load<u32>(t, TABLE_ARRAY)
  if (size > 0 && load<i32>(array + ((size - 1) << 3), 4) == T_NIL) {
    // a hint first: the border found last, or next to it; without one the end, as in the reference
    const hint = load<i32>(t, TABLE_LENGTH_HINT)
    if (hint == 0) {
      if (size > 1 && load<i32>(array + ((size - 2) << 3), 4) != T_NIL) return i64(size - 1)
    } else if (hint < size && load<i32>(array + ((hint - 1) << 3), 4) != T_NIL) {
      if (load<i32>(array + (hint << 3), 4) == T_NIL) return i64(hint)
      if (hint + 1 < size && load<i32>(array + ((hint + 1) << 3), 4) == T_NIL) {
        store<i32>(t, hint + 1, TABLE_LENGTH_HINT)
        return i64(hint + 1)
      }
    } else if (hint > 1 && hint <= size && load<i32>(array + ((hint - 2) << 3), 4) != T_NIL) {
      store<i32>(t, hint - 1, TABLE_LENGTH_HINT)
      return i64(hint - 1)
    }
    return i64(searchArray(t, array, size))
  }
  if (!hasNodes(t)) return i64(size)
  return searchHash(t, i64(size))
}

/** Binary search: slot `size` is nil. */
function searchArray(t: usize, array: usize, size: i32): i32 {
  let low: i32 = 0
  let up: i32 = size
  while (up - low > 1) {
    const middle = (low + up) >>> 1
    if (load<i32>(array + ((middle - 1) << 3), 4) == T_NIL) up = middle
    else low = middle
  }
  store<i32>(t, low, TABLE_LENGTH_HINT)
  return low
}

function absent(t: usize, key: i64): bool {
  const at = findInteger(t, key)
  return !at || load<i32>(at, 4) == T_NIL
}

/** Border among the integer keys of the hash part, above the full array part. */
function searchHash(t: usize, from: i64): i64 {
  if (absent(t, from + 1)) return from
  let low = from + 1
  let up = low * 2
  while (!absent(t, up)) {
    low = up
    if (up > 0x2000000000000000) return low
    up *= 2
  }
  while (up - low > 1) {
    const middle = (low + up) / 2
    if (absent(t, middle)) up = middle
    else low = middle
  }
  return low
}

/**
 * The pair after a key, for traversal: position 0 begins; positions 1…array size are array slots, those
 * above are nodes. Returns the position of the next pair that holds a value, or 0 at the end.
 */
export function nextPosition(t: usize, position: i32): i32 {
  if (!(i32(load<u8>(t, TABLE_WEAK)) & (WEAK_LISTED | WEAK_SEALED))) return nextValue(t, position)
  if (isSealed(t)) open(t)
  let next = nextValue(t, position)
  while (next && isDead(keyAt(t, next))) next = nextValue(t, next)
  return next
}

/** The same; the key may be dead. */
function nextValue(t: usize, position: i32): i32 {
  const size = arraySize(t)
  const array: usize = load<u32>(t, TABLE_ARRAY)
  let i = position
  while (i < size && load<i32>(array + (i << 3), 4) == T_NIL) i++
  const nodes: usize = load<u32>(t, TABLE_NODES)
  const end = size + load<i32>(t, TABLE_NODE_MASK) + 1
  if (i >= size)
    while (i < end && load<i32>(nodes + usize((i - size) * NODE_BYTES), NODE_VALUE + 4) == T_NIL) i++
  payForSteps(i - position)
  return i < end ? i + 1 : 0
}

/** The node of a removed pair whose key the collector has forgotten, for traversal; 0 if there is none. */
function findForgotten(t: usize, key: i64): usize {
  const word = tagged(T_EMPTY, low(key))
  let node = mainNode(t, key)
  do {
    if (load<i64>(node, NODE_KEY) == word) return node
    node = load<u32>(node, NODE_NEXT)
  } while (node)
  return 0
}

/** Position of a key in traversal order; 0 for nil, -1 if the table has no such key. */
export function positionOf(t: usize, key: i64): i32 {
  if (high(key) == T_NIL) return 0
  const position = searchPosition(t, key)
  if (position >= 0 || !isSealed(t)) return position
  open(t)
  return searchPosition(t, key)
}

/** Position of a key; -1 if the table has no such key, or is sealed. */
function searchPosition(t: usize, key: i64): i32 {
  const size = arraySize(t)
  if (high(key) > T_MAX && u64(key - 1) < u64(size)) return i32(key)
  const node = findNode(t, key) || findForgotten(t, key)
  if (!node) return -1
  return size + i32(node - load<u32>(t, TABLE_NODES)) / NODE_BYTES + 1
}

/** Address of the value at a position. */
export function valueAt(t: usize, position: i32): usize {
  const size = arraySize(t)
  if (position <= size) return usize(load<u32>(t, TABLE_ARRAY)) + (usize(position - 1) << 3)
  return usize(load<u32>(t, TABLE_NODES)) + usize((position - 1 - size) * NODE_BYTES)
}

/** Key at a position. */
export function keyAt(t: usize, position: i32): i64 {
  const size = arraySize(t)
  if (position <= size) return i64(position)
  return load<i64>(usize(load<u32>(t, TABLE_NODES)) + usize((position - 1 - size) * NODE_BYTES), NODE_KEY)
}

/** A dead key in a node whose value is nil: the collector frees the key's object. */
export function isDeadKey(key: i64): bool {
  return high(key) == T_EMPTY && key != V_EMPTY
}
