// Numbers as text: numerals to integers (as lobject.c's l_str2int reads them) and integers to decimal text.
import { MEM_SCRATCH, MEM_SCRATCH_BYTES } from '../generated/layout'
import { owe } from './fuel'
import { isFloatNumeral } from './numeral'
import { bytesOf, FREE_BYTES, intern, lengthOf } from './string'
import { integer } from './value'

/** Where a parsed integer waits for parsedInteger: the last word of the scratch area. */
const PARSED: usize = MEM_SCRATCH + MEM_SCRATCH_BYTES - 8
/** Digits of a numeral under way; 20 bytes and a sign at most. */
const DIGITS: usize = MEM_SCRATCH + MEM_SCRATCH_BYTES - 40

const SPACE: i32 = 32
const PLUS: i32 = 43
const MINUS: i32 = 45
const ZERO: i32 = 48
const NOT_A_DIGIT: i32 = 255

/** White space as C's isspace has it: HT, LF, VT, FF, CR and blank. */
export function isSpace(c: i32): bool {
  return c == SPACE || u32(c - 9) < 5
}

/** Value of a digit in any base up to 36; NOT_A_DIGIT for any other byte. */
export function digitValue(c: i32): i32 {
  if (u32(c - ZERO) < 10) return c - ZERO
  const letter = (c | 32) - 97
  return u32(letter) < 26 ? letter + 10 : NOT_A_DIGIT
}

/** The first byte at or after `at` that is no white space. */
export function skipSpace(at: usize, end: usize): usize {
  while (at < end && isSpace(load<u8>(at))) at++
  return at
}

/** The last integer that parseInteger or parseBase has read, as a value word. */
export function parsedInteger(): i64 {
  return integer(load<i64>(PARSED))
}

/** Does nothing but white space lie in [at, end)? If so, keeps the integer. */
function finish(at: usize, end: usize, i: i64): bool {
  if (skipSpace(at, end) != end) return false
  store<i64>(PARSED, i)
  return true
}

function parseHex(start: usize, end: usize, negative: bool): bool {
  let at = start
  let i: i64 = 0
  while (at < end) {
    const d = digitValue(load<u8>(at))
    if (d > 15) break
    i = (i << 4) | i64(d)
    at++
  }
  return at > start && finish(at, end, negative ? -i : i)
}

function parseDecimal(start: usize, end: usize, negative: bool): bool {
  const last: u64 = 0x7fffffffffffffff + (negative ? 1 : 0)
  let at = start
  let i: u64 = 0
  while (at < end) {
    const d = i32(load<u8>(at)) - ZERO
    if (u32(d) > 9) break
    // a numeral that does not fit is a float in Lua
    if (i > 922337203685477580) return false
    i = i * 10 + u64(d)
    if (i > last) return false
    at++
  }
  return at > start && finish(at, end, negative ? -i64(i) : i64(i))
}

/** Does the whole string read as an integer? Hexadecimal ones wrap. The value: `parsedInteger`. */
export function parseInteger(s: usize): bool {
  if (lengthOf(s) > FREE_BYTES) owe(lengthOf(s) >> 3)
  const end = bytesOf(s) + usize(lengthOf(s))
  let at = skipSpace(bytesOf(s), end)
  let negative = false
  if (at < end) {
    const c: i32 = load<u8>(at)
    negative = c == MINUS
    if (negative || c == PLUS) at++
  }
  if (at + 1 < end && load<u8>(at) == ZERO && (load<u8>(at, 1) | 32) == 120)
    return parseHex(at + 2, end, negative)
  return parseDecimal(at, end, negative)
}

/** Does the whole string read as an integer in this base (2…36, wrapping)? The value: `parsedInteger`. */
export function parseBase(s: usize, base: i32): bool {
  if (lengthOf(s) > FREE_BYTES) owe(lengthOf(s) >> 3)
  const end = bytesOf(s) + usize(lengthOf(s))
  let at = skipSpace(bytesOf(s), end)
  let negative = false
  if (at < end) {
    const c: i32 = load<u8>(at)
    negative = c == MINUS
    if (negative || c == PLUS) at++
  }
  let i: i64 = 0
  const start = at
  while (at < end) {
    const d = digitValue(load<u8>(at))
    if (d >= base) break
    i = i * i64(base) + i64(d)
    at++
  }
  return at > start && finish(at, end, negative ? -i : i)
}

/** Does the whole string read as a Lua number of either kind? */
export function looksNumeric(s: usize): bool {
  if (parseInteger(s)) return true
  const end = bytesOf(s) + usize(lengthOf(s))
  return isFloatNumeral(skipSpace(bytesOf(s), end), end)
}

/** Number of decimal digits. */
function digitsOf(u: u64): i32 {
  let n: i32 = 1
  while (u >= 100) {
    u /= 100
    n += 2
  }
  return u >= 10 ? n + 1 : n
}

/** Writes the digits of an unsigned number so that they end before `end`; where they start. */
export function writeDigits(end: usize, u: u64): usize {
  let at = end
  while (u > 0xffffffff) {
    const q = u / 10
    store<u8>(--at, u8(ZERO + i32(u - q * 10)))
    u = q
  }
  let low = u32(u)
  do {
    const q = low / 10
    store<u8>(--at, u8(ZERO + i32(low - q * 10)))
    low = q
  } while (low)
  return at
}

/** Writes an integer in decimal (at most 20 bytes); how many bytes that took. */
export function writeInteger(to: usize, i: i64): i32 {
  const magnitude = i < 0 ? u64(0) - u64(i) : u64(i)
  const length = digitsOf(magnitude) + i32(i < 0)
  writeDigits(to + usize(length), magnitude)
  if (i < 0) store<u8>(to, u8(MINUS))
  return length
}

/** The string object for an integer. */
export function integerToString(i: i64): usize {
  const end = DIGITS + 24
  let at = writeDigits(end, i < 0 ? u64(0) - u64(i) : u64(i))
  if (i < 0) store<u8>(--at, u8(MINUS))
  return intern(at, i32(end - at))
}
