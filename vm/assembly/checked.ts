// Arithmetic on numbers that scripts choose: sizes, counts, offsets, positions. Such a number is any of 64 bits: a plain
// sum may wrap, and a cast to 32 bits drops what lies above. What these functions return lies in the range that they
// name. `npm run check` (tools/check-vm/script-numbers.ts) finds arithmetic on scripts' numbers outside of this file.
import { LIMIT_STACK_SLOTS } from '../generated/layout'

/** What `within` and `product` return for what is out of range. */
export const REFUSED: i64 = -1
/** Largest size of anything in a state. */
export const MOST_SIZE: i64 = 0x7fffffff

/** n, if it is from `least` (≥ 0) to `most`; else REFUSED. */
export function within(n: i64, least: i64, most: i64): i64 {
  return n >= least && n <= most ? n : REFUSED
}

/** n, or the bound that it goes beyond. */
export function clamp(n: i64, least: i64, most: i64): i64 {
  return n < least ? least : n > most ? most : n
}

/** a + b, where b ≥ 0; the largest integer where that is more. */
export function sum(a: i64, b: i64): i64 {
  return a > i64.MAX_VALUE - b ? i64.MAX_VALUE : a + b
}

/** a * b of numbers ≥ 0, if it is no more than MOST_SIZE; else REFUSED. */
export function product(a: i64, b: i64): i64 {
  if (a < 0 || b < 0) return REFUSED
  return b == 0 || a <= MOST_SIZE / b ? a * b : REFUSED
}

/** last - first, where first ≤ last; the largest integer where that is more. */
export function distance(first: i64, last: i64): i64 {
  const steps = last - first
  return steps < 0 ? i64.MAX_VALUE : steps
}

/** The low bits of a value that goes into a field of so many bits, at most 32. */
export function cut(n: i64, bits: i32): i32 {
  return i32(n & ((i64(1) << i64(bits)) - 1))
}

/** So many slots of a stack; for more than a stack can have, one more than that: `makeRoom` refuses it. */
export function slotsFor(n: i64): i32 {
  return i32(clamp(n, 0, i64(LIMIT_STACK_SLOTS) + 1))
}

// Positions in a string of `length` bytes, as the string library counts them: from 1, and from the end if negative.

/** The first position meant: from 1 to length + 1; length + 2 stands for all behind that. */
export function startPosition(position: i64, length: i32): i32 {
  if (position > 0) return position > i64(length) + 1 ? length + 2 : i32(position)
  if (position == 0 || position < -i64(length)) return 1
  return length + i32(position) + 1
}

/** The last position meant: from 0 to the length. */
export function endPosition(position: i64, length: i32): i32 {
  if (position > i64(length)) return length
  if (position >= 0) return i32(position)
  return position < -i64(length) ? 0 : length + i32(position) + 1
}

/** The position meant, without moving it into the string: 0 stands for all before it, length + 2 for all behind it. */
export function relativePosition(position: i64, length: i32): i32 {
  if (position >= 0) return position > i64(length) + 1 ? length + 2 : i32(position)
  return position < -i64(length) ? 0 : length + i32(position) + 1
}
