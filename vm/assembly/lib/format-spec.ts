// Conversion specifications of string.format: flags, width and precision, packed into one number:
//
//     bits  0–4   flags - + space # 0
//     bits  8–15  width
//     bits 16–23  precision + 1; 0: none given
//
// The rules are those of lstrlib.c's getformat and checkformat (5.4.4).
import {
  MSG_FORMAT_CONVERSION,
  MSG_FORMAT_FLOAT,
  MSG_FORMAT_LONG,
  MSG_FORMAT_SPECIFICATION,
  V_NIL,
} from '../../generated/layout'
import { raiseMessage } from '../raise'
import { intern, stringWord } from '../string'

export const LEFT: i32 = 1
export const PLUS: i32 = 2
export const BLANK: i32 = 4
export const HASH: i32 = 8
export const ZERO: i32 = 16
/** The specification is not valid for its conversion. */
export const INVALID: i32 = -1

/** Longest run of flags and digits. */
const LONGEST: i32 = 20

/** The flag that a byte stands for; 0 if none. */
function flagOf(c: i32): i32 {
  switch (c) {
    case 45:
      return LEFT
    case 43:
      return PLUS
    case 32:
      return BLANK
    case 35:
      return HASH
    case 48:
      return ZERO
    default:
      return 0
  }
}

/** Where the conversion's letter is: behind flags, digits and points. */
export function specEnd(at: usize, end: usize): usize {
  while (at < end) {
    const c: i32 = load<u8>(at)
    if (flagOf(c) == 0 && u32(c - 49) > 8 && c != 46) break
    at++
  }
  return at
}

/** Is this part of a specification too long? */
export function isTooLong(at: usize, stop: usize): bool {
  return i32(stop - at) > LONGEST
}

/** The specification in [at, stop) if the flags in it are allowed, and a precision is or is missing. */
export function parseSpec(at: usize, stop: usize, allowed: i32, precision: bool): i32 {
  let spec: i32 = 0
  while (at < stop && (flagOf(load<u8>(at)) & allowed) != 0) spec |= flagOf(load<u8>(at++))
  let digits: i32 = 0
  while (digits < 2 && at < stop && isDigit(at) && (digits > 0 || load<u8>(at) != 48)) {
    spec = (spec & 255) | ((((spec >> 8) * 10 + i32(load<u8>(at++)) - 48) & 255) << 8)
    digits++
  }
  if (precision && at < stop && load<u8>(at) == 46) {
    at++
    let value: i32 = 0
    for (digits = 0; digits < 2 && at < stop && isDigit(at); digits++)
      value = value * 10 + i32(load<u8>(at++)) - 48
    spec |= (value + 1) << 16
  }
  return at == stop ? spec : INVALID
}

function isDigit(at: usize): bool {
  return u32(i32(load<u8>(at)) - 48) < 10
}

/** The text of a specification, its letter included, as far as C sees it. */
function specText(at: usize, stop: usize, end: usize): i64 {
  const length = i32(stop - at) + i32(stop < end && load<u8>(stop) != 0)
  return stringWord(intern(at, length < 40 ? length : 40))
}

/** No such conversion, or one that needs floats. */
export function raiseConversion(at: usize, stop: usize, end: usize): i32 {
  const c: i32 = stop < end ? load<u8>(stop) : 0
  const lower = c | 32
  const float = c != 70 && (lower == 97 || (lower >= 101 && lower <= 103))
  return raiseMessage(float ? MSG_FORMAT_FLOAT : MSG_FORMAT_CONVERSION, specText(at, stop, end), V_NIL)
}

export function raiseSpecification(at: usize, stop: usize, end: usize): i32 {
  return raiseMessage(MSG_FORMAT_SPECIFICATION, specText(at, stop, end), V_NIL)
}

export function raiseTooLong(): i32 {
  return raiseMessage(MSG_FORMAT_LONG, V_NIL, V_NIL)
}
