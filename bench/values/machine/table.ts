// @ts-nocheck: AssemblyScript, compiled by bench/values/build.mjs, not by tsc
// Tables: an array part for the keys 1…n and a hash part of string keys with chained nodes. The hash part
// doesn't grow: a table is made with as many nodes as its program needs.
import { allocate, allocateArray, freeArray, INDEX_NAME } from './memory'
import {
  copy,
  isTag,
  NODE_BYTES,
  NODE_KEY,
  NODE_NEXT,
  objectAt,
  SHIFT,
  setTagged,
  T_NIL,
  T_STRING,
  T_TABLE,
} from './value'

export const MARK: usize = 5
export const ARRAY: usize = 8
export const SIZE: usize = 12
const NODES: usize = 16
const NODE_MASK: usize = 20
const LAST_FREE: usize = 24
export const META: usize = 28
const STRING_HASH: usize = 8

/** A table with 2^n nodes, or none. */
export function newTable(nodes: i32): usize {
  const t = allocate(32)
  for (let at: usize = 8; at < 32; at += 8) store<i64>(t + at, 0)
  if (!nodes) return t
  const block: usize = allocate(8 + nodes * i32(NODE_BYTES)) + 8
  for (let i = 0; i < nodes; i++) {
    const node = block + usize(i) * NODE_BYTES
    setTagged(node, T_NIL, 0)
    setTagged(node + NODE_KEY, T_NIL, 0)
    store<u32>(node, 0, NODE_NEXT)
  }
  store<u32>(t, u32(block), NODES)
  store<i32>(t, nodes - 1, NODE_MASK)
  store<u32>(t, u32(block + usize(nodes) * NODE_BYTES), LAST_FREE)
  return t
}

function mainNode(t: usize, s: usize): usize {
  return usize(load<u32>(t, NODES)) + usize(load<i32>(s, STRING_HASH) & load<i32>(t, NODE_MASK)) * NODE_BYTES
}

/** Address of the value of a string key, or 0. */
export function findString(t: usize, s: usize): usize {
  if (!load<u32>(t, NODES)) return 0
  let node = mainNode(t, s)
  do {
    if (objectAt(node + NODE_KEY) == s && isTag(node + NODE_KEY, T_STRING)) return node
    node = load<u32>(node, NODE_NEXT)
  } while (node)
  return 0
}

/** The same through the metatables' __index tables, once the table itself hasn't the key. */
export function findInherited(t: usize, s: usize): usize {
  while (true) {
    const meta: usize = load<u32>(t, META)
    if (!meta) return 0
    const index = findString(meta, load<u32>(INDEX_NAME))
    if (!index || !isTag(index, T_TABLE)) return 0
    t = objectAt(index)
    const value = findString(t, s)
    if (value && !isTag(value, T_NIL)) return value
  }
}

/** Address for the value of an absent string key; 0 if there is no free node. */
export function insertString(t: usize, s: usize): usize {
  if (!load<u32>(t, NODES)) return 0
  let node = mainNode(t, s)
  if (!isTag(node + NODE_KEY, T_NIL)) {
    const main = node
    node = load<u32>(t, LAST_FREE)
    do {
      node -= NODE_BYTES
      if (node < load<u32>(t, NODES)) return 0
    } while (!isTag(node + NODE_KEY, T_NIL))
    store<u32>(t, u32(node), LAST_FREE)
    store<u32>(node, load<u32>(main, NODE_NEXT), NODE_NEXT)
    store<u32>(main, u32(node), NODE_NEXT)
  }
  setTagged(node + NODE_KEY, T_STRING, s)
  return node
}

/** Doubles the array part (4 slots at first). */
export function growArray(t: usize): void {
  const size = load<i32>(t, SIZE)
  const grown = size ? size << 1 : 4
  const log = ctz(grown) + i32(SHIFT)
  const old: usize = load<u32>(t, ARRAY)
  const array = allocateArray(log)
  let i: i32 = 0
  for (; i < size; i++) copy(array + (usize(i) << SHIFT), old + (usize(i) << SHIFT))
  for (; i < grown; i++) setTagged(array + (usize(i) << SHIFT), T_NIL, 0)
  if (old) freeArray(old, log - 1)
  store<u32>(t, u32(array), ARRAY)
  store<i32>(t, grown, SIZE)
}

/** Gives back the array part, as a collector would. */
export function dropArray(t: usize): void {
  const size = load<i32>(t, SIZE)
  if (size) freeArray(load<u32>(t, ARRAY), ctz(size) + i32(SHIFT))
  store<u32>(t, 0, ARRAY)
  store<i32>(t, 0, SIZE)
}
