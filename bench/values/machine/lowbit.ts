// @ts-nocheck: AssemblyScript, compiled by bench/values/build.mjs, not by tsc
// Candidate L: a value is one 64-bit word with a tag bit. Integers of 63 bits are shifted left by one, larger
// ones boxed; a word with bit 0 set has tag * 2 + 1 below and the payload above. build.mjs copies this file
// to value.ts.
import { allocate } from './memory'

export const SHIFT: usize = 3
export const SLOT: usize = 8
export const NODE_NEXT: usize = 16
export const NODE_KEY: usize = 8
export const NODE_BYTES: usize = 24

export const T_NIL: i32 = 1
export const T_BOX: i32 = 15
export const T_STRING: i32 = 17
export const T_TABLE: i32 = 21
export const T_CLOSURE: i32 = 23

export function isTag(slot: usize, tag: i32): bool {
  return load<i32>(slot) == tag
}

/** Does the slot hold an integer in line? The fast paths take only those. */
export function isInt(slot: usize): bool {
  return (load<i32>(slot) & 1) == 0
}

/** What holds the integer, before anything is known of it. */
export function wordAt(slot: usize): i64 {
  return load<i64>(slot)
}

/** The same question once the word has been loaded. */
export function isWordInt(_slot: usize, word: i64): bool {
  return (i32(word) & 1) == 0
}

export function areWordsInts(_b: usize, _c: usize, x: i64, y: i64): bool {
  return (i32(x | y) & 1) == 0
}

/** The integer in a word that isWordInt accepts. */
export function intOf(word: i64): i64 {
  return word >> 1
}

export function intAt(slot: usize): i64 {
  return load<i64>(slot) >> 1
}

/** Is there an integer of any form? */
export function isInteger(slot: usize): bool {
  return isInt(slot) || isTag(slot, T_BOX)
}

export function integerAt(slot: usize): i64 {
  return isInt(slot) ? load<i64>(slot) >> 1 : load<i64>(objectAt(slot), 8)
}

/** Zero-based array index of the key in the slot; anything that is no such index gives a huge number. */
export function arrayIndex(slot: usize): u64 {
  return isInt(slot) ? u64((load<i64>(slot) >> 1) - 1) : u64.MAX_VALUE
}

export function objectAt(slot: usize): usize {
  return load<u32>(slot, 4)
}

export function copy(to: usize, from: usize): void {
  store<i64>(to, load<i64>(from))
}

/** False, with nothing changed, if the integer has to be boxed. */
export function trySetInt(slot: usize, v: i64): bool {
  const word = v << 1
  const fits = word >> 1 == v
  if (fits) store<i64>(slot, word)
  return fits
}

export function setInt(slot: usize, v: i64): void {
  if (!trySetInt(slot, v)) setBoxed(slot, v)
}

/** For integers known to be far from the limits. */
export function setSmall(slot: usize, v: i64): void {
  store<i64>(slot, v << 1)
}

/** Overwrites an integer by another. */
export function updateSmall(slot: usize, v: i64): void {
  store<i64>(slot, v << 1)
}

export function setTagged(slot: usize, tag: i32, payload: usize): void {
  store<i64>(slot, (i64(payload) << 32) | i64(tag))
}

function setBoxed(slot: usize, v: i64): void {
  const box = allocate(16)
  store<i64>(box, v, 8)
  setTagged(slot, T_BOX, box)
}
