// @ts-nocheck: AssemblyScript, compiled by bench/values/build.mjs, not by tsc
// Candidate W: a value is one 64-bit word. Integers stand for themselves, except those whose high half is
// 0x80000000…0x8000000F: a word in that band has a tag above and a payload below; the integers that would
// fall into it are boxed. build.mjs copies this file to value.ts.
import { CHECK } from './config'
import { allocate } from './memory'

export const SHIFT: usize = 3
export const SLOT: usize = 8
export const NODE_NEXT: usize = 16
export const NODE_KEY: usize = 8
export const NODE_BYTES: usize = 24

export const T_NIL: i32 = 0x80000000
export const T_BOX: i32 = 0x80000007
export const T_STRING: i32 = 0x80000008
export const T_TABLE: i32 = 0x8000000a
export const T_CLOSURE: i32 = 0x8000000b
const T_MAX: i32 = 0x8000000f
const LAST_TAGGED: i64 = (i64(T_MAX) << 32) | 0xffffffff

export function isTag(slot: usize, tag: i32): bool {
  return load<i32>(slot, 4) == tag
}

/** Does the slot hold an integer in line? The fast paths take only those. */
export function isInt(slot: usize): bool {
  return load<i32>(slot, 4) > T_MAX
}

/** What holds the integer, before anything is known of it. */
export function wordAt(slot: usize): i64 {
  return load<i64>(slot)
}

/** The same question once the word has been loaded: a second load, a shift, or a 64-bit comparison. */
export function isWordInt(slot: usize, word: i64): bool {
  if (CHECK == 2) return word > LAST_TAGGED
  return CHECK == 1 ? i32(word >> 32) > T_MAX : load<i32>(slot, 4) > T_MAX
}

export function areWordsInts(b: usize, c: usize, x: i64, y: i64): bool {
  return isWordInt(b, x) && isWordInt(c, y)
}

/** The integer in a word that isWordInt accepts. */
export function intOf(word: i64): i64 {
  return word
}

export function intAt(slot: usize): i64 {
  return load<i64>(slot)
}

/** Is there an integer of any form? */
export function isInteger(slot: usize): bool {
  return isInt(slot) || isTag(slot, T_BOX)
}

export function integerAt(slot: usize): i64 {
  return isInt(slot) ? load<i64>(slot) : load<i64>(objectAt(slot), 8)
}

/** Zero-based array index of the key in the slot; anything that is no such index gives a huge number. */
export function arrayIndex(slot: usize): u64 {
  return u64(load<i64>(slot) - 1)
}

export function objectAt(slot: usize): usize {
  return load<u32>(slot)
}

export function copy(to: usize, from: usize): void {
  store<i64>(to, load<i64>(from))
}

/** False, with nothing changed, if the integer has to be boxed. */
export function trySetInt(slot: usize, v: i64): bool {
  const fits = CHECK == 2 ? v > LAST_TAGGED : i32(v >> 32) > T_MAX
  if (fits) store<i64>(slot, v)
  return fits
}

export function setInt(slot: usize, v: i64): void {
  if (!trySetInt(slot, v)) setBoxed(slot, v)
}

/** For integers known to be far from the reserved band. */
export function setSmall(slot: usize, v: i64): void {
  store<i64>(slot, v)
}

/** Overwrites an integer by another. */
export function updateSmall(slot: usize, v: i64): void {
  store<i64>(slot, v)
}

export function setTagged(slot: usize, tag: i32, payload: usize): void {
  store<i64>(slot, (i64(tag) << 32) | i64(payload))
}

function setBoxed(slot: usize, v: i64): void {
  const box = allocate(16)
  store<i64>(box, v, 8)
  setTagged(slot, T_BOX, box)
}
