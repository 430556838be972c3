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
  TABLE_NODES,
  TABLE_NODE_MASK,
  TABLE_WEAK,
  V_NIL,
} from '../generated/layout'
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
      if (load<u8>(t, TABLE_WEAK) == 1 && convergeTable(t)) again = true
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

function clearTable(t: usize): void {
  const weak: i32 = load<u8>(t, TABLE_WEAK)
  if (weak & 2) {
    const array: usize = load<u32>(t, TABLE_ARRAY)
    const size = load<i32>(t, TABLE_ARRAY_SIZE)
    for (let i: i32 = 0; i < size; i++) {
      const slot = array + (usize(i) << 3)
      if (isDead(load<i64>(slot))) store<i64>(slot, V_NIL)
    }
  }
  let node: usize = load<u32>(t, TABLE_NODES)
  const end = node + usize((load<i32>(t, TABLE_NODE_MASK) + 1) * NODE_BYTES)
  for (; node < end; node += NODE_BYTES) {
    if (load<i32>(node, NODE_VALUE + 4) == T_NIL) continue
    const deadKey = isDead(load<i64>(node, NODE_KEY))
    if (deadKey || ((weak & 2) != 0 && isDead(load<i64>(node, NODE_VALUE)))) {
      store<i64>(node, V_NIL, NODE_VALUE)
      forgetKey(node)
    }
  }
}

/** Ephemerons, then the clearing of all weak tables. */
export function clearWeak(): void {
  convergeAll()
  let t: usize = load<u32>(G_GC_WEAK)
  while (t) {
    clearTable(t)
    t = load<u32>(t, TABLE_GRAY)
  }
}
