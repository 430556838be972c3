// Float numerals: Moonring has no floats, but says of a text like '1.5' that it is a number without an
// integer representation, so it must tell one from a word. Grammar as C's strtod, without inf and nan.
import { digitValue, skipSpace } from './number'

const DOT: i32 = 46

/** Skips digits below `base`. */
function skipDigits(at: usize, end: usize, base: i32): usize {
  while (at < end && digitValue(load<u8>(at)) < base) at++
  return at
}

function isByte(at: usize, end: usize, c: i32): bool {
  return at < end && (i32(load<u8>(at)) | 32) == c
}

function skipSign(at: usize, end: usize): usize {
  if (at < end && (load<u8>(at) == 43 || load<u8>(at) == 45)) return at + 1
  return at
}

/** Does [at, end) read as a float numeral, with white space after it? */
export function isFloatNumeral(at: usize, end: usize): bool {
  at = skipSign(at, end)
  let base: i32 = 10
  let exponent: i32 = 101 // e
  if (at < end && load<u8>(at) == 48 && isByte(at + 1, end, 120)) {
    at += 2
    base = 16
    exponent = 112 // p
  }
  let stop = skipDigits(at, end, base)
  let digits = i32(stop - at)
  if (stop < end && load<u8>(stop) == DOT) {
    at = stop + 1
    stop = skipDigits(at, end, base)
    digits += i32(stop - at)
  }
  if (digits == 0) return false
  if (isByte(stop, end, exponent)) {
    at = skipSign(stop + 1, end)
    stop = skipDigits(at, end, 10)
    if (stop == at) return false
  }
  return skipSpace(stop, end) == end
}
