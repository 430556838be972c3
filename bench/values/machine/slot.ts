// @ts-nocheck: AssemblyScript, compiled by bench/values/build.mjs, not by tsc
// Candidate S: a value is a 16-byte slot, payload at +0 and tag at +8. The four bytes above the tag are never
// copied, so that a hash node keeps its link there. build.mjs copies this file to value.ts.

export const SHIFT: usize = 4
export const SLOT: usize = 16
export const NODE_NEXT: usize = 12
export const NODE_KEY: usize = 16
export const NODE_BYTES: usize = 32

const T_INT: i32 = 0
export const T_NIL: i32 = 1
export const T_STRING: i32 = 8
export const T_TABLE: i32 = 10
export const T_CLOSURE: i32 = 11

export function isTag(slot: usize, tag: i32): bool {
  return load<i32>(slot, 8) == tag
}

/** Does the slot hold an integer in line? The fast paths take only those. */
export function isInt(slot: usize): bool {
  return load<i32>(slot, 8) == T_INT
}

/** What holds the integer, before anything is known of it. */
export function wordAt(slot: usize): i64 {
  return load<i64>(slot)
}

/** The same question once the payload has been loaded. */
export function isWordInt(slot: usize, _word: i64): bool {
  return load<i32>(slot, 8) == T_INT
}

export function areWordsInts(b: usize, c: usize, _x: i64, _y: i64): bool {
  return (load<i32>(b, 8) | load<i32>(c, 8)) == T_INT
}

/** The integer in a payload that isWordInt accepts. */
export function intOf(word: i64): i64 {
  return word
}

export function intAt(slot: usize): i64 {
  return load<i64>(slot)
}

/** Is there an integer of any form? */
export function isInteger(slot: usize): bool {
  return isInt(slot)
}

export function integerAt(slot: usize): i64 {
  return load<i64>(slot)
}

/** Zero-based array index of the key in the slot; anything that is no such index gives a huge number. */
export function arrayIndex(slot: usize): u64 {
  return isInt(slot) ? u64(load<i64>(slot) - 1) : u64.MAX_VALUE
}

export function objectAt(slot: usize): usize {
  return load<u32>(slot)
}

export function copy(to: usize, from: usize): void {
  store<i64>(to, load<i64>(from))
  store<i32>(to, load<i32>(from, 8), 8)
}

/** True: every integer fits. */
export function trySetInt(slot: usize, v: i64): bool {
  setInt(slot, v)
  return true
}

export function setInt(slot: usize, v: i64): void {
  store<i64>(slot, v)
  store<i32>(slot, T_INT, 8)
}

/** For integers known to be far from the reserved band. */
export function setSmall(slot: usize, v: i64): void {
  setInt(slot, v)
}

/** Overwrites an integer by another. */
export function updateSmall(slot: usize, v: i64): void {
  store<i64>(slot, v)
}

export function setTagged(slot: usize, tag: i32, payload: usize): void {
  store<i64>(slot, i64(payload))
  store<i32>(slot, tag, 8)
}
