// Weak tables at the end of marking: ephemerons to a fixed point, then pairs whose weak side is dead go.
import {
  BLOCKHEADER_MARK,
  G_GC_GRAY,
  G_GC_WEAK,
  NODE_BYTES,
  NODE_KEY,
  NODE_VALUE,
  T_LONGSTRING,
  T_NIL,
  T_STRING,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_GRAY,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TABLE_WEAK,
  V_NIL,
} from '../generated/layout'
import { separateDead } from './gc-final'
import { forgetKey, mark, traverse } from './gc-mark'
import { high, isCollectableTag, low } from './value'

const GRAY: i32 = 2

/** Is the word an object that has not been marked? Strings are values, never removed: they are marked here. */
function isDead(v: i64): bool {
  const tag = high(v)
  if (!isCollectableTag(tag)) return false
  if (tag == T_STRING || tag == T_LONGSTRING) {
    mark(v)
    return false
  }
  return i32(load<u8>(low(v), BLOCKHEADER_MARK)) < GRAY
}

/** Marks the values of live keys in one ephemeron table. True if something new was marked. */
function convergeTable(t: usize): bool {
  let node: usize = load<u32>(t, TABLE_NODES)
  const end = node + usize((load<i32>(t, TABLE_NODE_MASK) + 1) * NODE_BYTES)
  let found = false
  for (; node < end; node += NODE_BYTES) {
    const value = load<i64>(node, NODE_VALUE)
    if (high(value) == T_NIL || isDead(load<i64>(node, NODE_KEY)) || !isDead(value)) continue
    mark(value)
    found = true
  }
  return found
}

function convergeAll(): void {
  let again = true
  while (again) {
    again = false
    let t: usize = load<u32>(G_GC_WEAK)
    while (t) {
      if ((load<u8>(t, TABLE_WEAK) & 3) == 1 && convergeTable(t)) again = true
      t = load<u32>(t, TABLE_GRAY)
    }
    drain()
  }
}

/** Visits all that is gray. New weak tables join the list. */
function drain(): void {
  let object: usize = load<u32>(G_GC_GRAY)
  while (object) {
    store<u32>(G_GC_GRAY, load<u32>(object, TABLE_GRAY))
    traverse(object)
    object = load<u32>(G_GC_GRAY)
  }
}

/** Removes the pairs whose value is dead, from a table with weak values. */
function clearValues(t: usize): void {
  const array: usize = load<u32>(t, TABLE_ARRAY)
  const size = load<i32>(t, TABLE_ARRAY_SIZE)
  for (let i: i32 = 0; i < size; i++) {
    const slot = array + (usize(i) << 3)
    if (isDead(load<i64>(slot))) store<i64>(slot, V_NIL)
  }
  let node: usize = load<u32>(t, TABLE_NODES)
  const end = node + usize((load<i32>(t, TABLE_NODE_MASK) + 1) * NODE_BYTES)
  for (; node < end; node += NODE_BYTES) if (isDead(load<i64>(node, NODE_VALUE))) clearNode(node)
}

/** Removes the pairs whose key is dead, from a table with weak keys. */
function clearKeys(t: usize): void {
  let node: usize = load<u32>(t, TABLE_NODES)
  const end = node + usize((load<i32>(t, TABLE_NODE_MASK) + 1) * NODE_BYTES)
  for (; node < end; node += NODE_BYTES) {
    if (load<i32>(node, NODE_VALUE + 4) == T_NIL) forgetKey(node)
    else if (isDead(load<i64>(node, NODE_KEY))) clearNode(node)
  }
}

function clearNode(node: usize): void {
  store<i64>(node, V_NIL, NODE_VALUE)
  forgetKey(node)
}

function clearAllValues(): void {
  let t: usize = load<u32>(G_GC_WEAK)
  while (t) {
    if (load<u8>(t, TABLE_WEAK) & 2) clearValues(t)
    t = load<u32>(t, TABLE_GRAY)
  }
}

/**
 * Ephemerons, then the clearing of all weak tables. What is finalized lives once more: as a weak value it
 * is gone before, as a weak key its pair stays until the finalizer has seen it.
 */
export function clearWeak(): void {
  convergeAll()
  clearAllValues()
  const revived = separateDead()
  if (revived) {
    drain()
    convergeAll()
  }
  clearAllKeys()
  if (revived) clearAllValues() // in tables that only the finalized objects refer to
}

function clearAllKeys(): void {
  let t: usize = load<u32>(G_GC_WEAK)
  while (t) {
    if (load<u8>(t, TABLE_WEAK) & 1) clearKeys(t)
    t = load<u32>(t, TABLE_GRAY)
  }
}
