// Lua values: one 64-bit word each. See docs/design/value-representation.md and src/isa/layout.ts.
import {
  BIGINT_BYTES,
  BIGINT_VALUE,
  KIND_BIGINT,
  T_BIGINT,
  T_CLOSURE,
  T_EMPTY,
  T_FALSE,
  T_LIGHT,
  T_LONGSTRING,
  T_MAX,
  T_NATIVE,
  T_NIL,
  T_STRING,
  T_TABLE,
  T_TRUE,
} from '../generated/layout'
import { newObject } from './memory'

/** High half of a word: the tag, or the high half of an integer. */
export function high(v: i64): i32 {
  return i32(v >> 32)
}

/** Payload of a tagged word: an address or a small number. */
export function low(v: i64): usize {
  return usize(v)
}

/** The word with this tag and payload. */
export function tagged(tag: i32, payload: usize): i64 {
  return (i64(tag) << 32) | i64(payload)
}

/** High half of the word at an address. */
export function tagAt(slot: usize): i32 {
  return load<i32>(slot, 4)
}

/** The object that the tagged word at an address points to. */
export function objectAt(slot: usize): usize {
  return load<u32>(slot)
}

export function isTrue(v: i64): bool {
  return high(v) > T_FALSE
}

/** Is this tag that of an integer, boxed or not? */
export function isIntegerTag(tag: i32): bool {
  return tag > T_MAX || tag == T_BIGINT
}

export function isInteger(v: i64): bool {
  return isIntegerTag(high(v))
}

/** Value of an integer word, boxed or not. */
export function integerOf(v: i64): i64 {
  return high(v) > T_MAX ? v : load<i64>(low(v), BIGINT_VALUE)
}

/** The word for an integer; boxes the few that look like tagged words. */
export function integer(i: i64): i64 {
  if (high(i) > T_MAX) return i
  return boxInteger(i)
}

export function boxInteger(i: i64): i64 {
  const box = newObject(BIGINT_BYTES, KIND_BIGINT)
  store<i64>(box, i, BIGINT_VALUE)
  return tagged(T_BIGINT, box)
}

export function isStringTag(tag: i32): bool {
  return tag == T_STRING || tag == T_LONGSTRING
}

export function isFunctionTag(tag: i32): bool {
  return tag == T_CLOSURE || tag == T_NATIVE || (tag > T_TRUE && tag < T_LIGHT)
}

/** Does a word with this tag point to a collected object? */
export function isCollectableTag(tag: i32): bool {
  return tag >= T_BIGINT && tag <= T_MAX
}

export function boolean(b: bool): i64 {
  return tagged(b ? T_TRUE : T_FALSE, 0)
}

export function tableWord(t: usize): i64 {
  return tagged(T_TABLE, t)
}

/** Has the word no value (nil, or a mark that scripts never see)? */
export function isNilTag(tag: i32): bool {
  return tag == T_NIL || tag == T_EMPTY
}
