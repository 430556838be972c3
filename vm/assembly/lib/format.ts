// string.format for integers and strings. Conversions that need floats are refused by name. A value with
// __tostring leaves the call to the version in vm/lua/string.lua.

import { BUILTIN_FORMAT_FORMAT } from '../../generated/builtins'
import {
  EVENT_TOSTRING,
  MSG_FORMAT_LITERAL,
  MSG_FORMAT_MODIFIERS,
  MSG_FORMAT_ZEROS,
  MSG_NO_VALUE,
  T_FALSE,
  T_NIL,
  T_TRUE,
  V_NIL,
} from '../../generated/layout'
import { argument, CONTROL, checkInteger, integerArgument, NO_ROOM, one, stringArgument } from '../arguments'
import { appendByte, appendBytes, bufferLength, bufferToString, resetBuffer } from '../buffer'
import { cut } from '../checked'
import { callInstead, slowVersion } from '../frames'
import { metamethodOf } from '../metatable'
import { raiseArgument, raiseMessage } from '../raise'
import { bytesOf, lengthOf, stringWord } from '../string'
import {
  high,
  integerOf,
  isCollectableTag,
  isFunctionTag,
  isIntegerTag,
  isStringTag,
  low,
  tagAt,
} from '../value'
import { plainText } from './base'
import {
  BLANK,
  HASH,
  INVALID,
  isTooLong,
  LEFT,
  PLUS,
  parseSpec,
  raiseConversion,
  raiseSpecification,
  raiseTooLong,
  specEnd,
  ZERO,
} from './format-spec'
import {
  appendAddress,
  appendCharacter,
  appendInteger,
  appendLiteral,
  appendNull,
  appendNumber,
  appendQuoted,
  appendText,
} from './format-value'
import { spend } from './match-drive'
import { findByte } from './match-scan'

const PERCENT: i32 = 37
const LETTER_C: i32 = 99
const LETTER_D: i32 = 100
const LETTER_I: i32 = 105
const LETTER_O: i32 = 111
const LETTER_P: i32 = 112
const LETTER_Q: i32 = 113
const LETTER_S: i32 = 115
const LETTER_U: i32 = 117
const LETTER_X: i32 = 120
const LETTER_BIG_X: i32 = 88

export function formatFormat(args: usize, count: i32): i32 {
  const form = stringArgument(args, count, 0)
  if (!form) return CONTROL
  resetBuffer()
  let at = bytesOf(form)
  const end = at + usize(lengthOf(form))
  let i: i32 = 0
  while (true) {
    const percent = findByte(at, end, PERCENT)
    if (!appendBytes(at, i32((percent ? percent : end) - at))) return NO_ROOM
    if (!percent) break
    at = percent + 1
    if (at < end && load<u8>(at) == PERCENT) {
      if (!appendByte(PERCENT)) return NO_ROOM
      at++
      continue
    }
    if (++i >= count) return raiseArgument(i + 1, MSG_NO_VALUE)
    const done = convert(args, count, i, at, end)
    if (done != 0) return done
    at = specEnd(at, end) + 1
  }
  spend(bufferLength())
  const s = bufferToString()
  return s ? one(args, stringWord(s)) : NO_ROOM
}

/** Appends argument i by the conversion at `at`: 0, or CONTROL or NO_ROOM. */
function convert(args: usize, count: i32, i: i32, at: usize, end: usize): i32 {
  const stop = specEnd(at, end)
  if (isTooLong(at, stop)) return raiseTooLong()
  const letter: i32 = stop < end ? load<u8>(stop) : 0
  let flags: i32 = LEFT | ZERO
  switch (letter) {
    case LETTER_D:
    case LETTER_I:
      flags |= PLUS | BLANK
      break
    case LETTER_U:
      break
    case LETTER_O:
    case LETTER_X:
    case LETTER_BIG_X:
      flags |= HASH
      break
    case LETTER_S:
      return convertString(args, count, i, at, end)
    case LETTER_C:
      return convertCharacter(args, count, i, at, end)
    case LETTER_P:
      return convertPointer(args, i, at, end)
    case LETTER_Q:
      return at == stop ? convertLiteral(args, i) : raiseMessage(MSG_FORMAT_MODIFIERS, V_NIL, V_NIL)
    default:
      return raiseConversion(at, stop, end)
  }
  if (!checkInteger(args, count, i)) return CONTROL
  const value = integerArgument(args, i)
  if (at == stop && letter == LETTER_D) return appendInteger(value) ? 0 : NO_ROOM
  const spec = parseSpec(at, stop, flags, true)
  if (spec == INVALID) return raiseSpecification(at, stop, end)
  return appendNumber(value, spec, letter) ? 0 : NO_ROOM
}

/** %s */
function convertString(args: usize, count: i32, i: i32, at: usize, end: usize): i32 {
  const slot = argument(args, i)
  const v = load<i64>(slot)
  const stop = specEnd(at, end)
  if (at == stop && isIntegerTag(high(v))) return appendInteger(integerOf(v)) ? 0 : NO_ROOM
  let s = low(v)
  if (!isStringTag(high(v))) {
    if (metamethodOf(v, EVENT_TOSTRING) != V_NIL)
      return callInstead(args, count, slowVersion(BUILTIN_FORMAT_FORMAT))
    s = plainText(v)
  }
  if (at == stop) return appendBytes(bytesOf(s), lengthOf(s)) ? 0 : NO_ROOM
  if (findByte(bytesOf(s), bytesOf(s) + usize(lengthOf(s)), 0)) return raiseArgument(i + 1, MSG_FORMAT_ZEROS)
  const spec = parseSpec(at, stop, LEFT, true)
  if (spec == INVALID) return raiseSpecification(at, stop, end)
  return appendText(bytesOf(s), lengthOf(s), spec) ? 0 : NO_ROOM
}

/** %c */
function convertCharacter(args: usize, count: i32, i: i32, at: usize, end: usize): i32 {
  const spec = parseSpec(at, specEnd(at, end), LEFT, false)
  if (spec == INVALID) return raiseSpecification(at, specEnd(at, end), end)
  if (!checkInteger(args, count, i)) return CONTROL
  return appendCharacter(cut(integerArgument(args, i), 8), spec) ? 0 : NO_ROOM
}

/** %p: where an object lies, or the number of a library function; other values have no address. */
function convertPointer(args: usize, i: i32, at: usize, end: usize): i32 {
  const v = load<i64>(argument(args, i))
  const spec = parseSpec(at, specEnd(at, end), LEFT, false)
  if (spec == INVALID) return raiseSpecification(at, specEnd(at, end), end)
  const tag = high(v)
  const object = isFunctionTag(tag) || (isCollectableTag(tag) && !isIntegerTag(tag))
  return (object ? appendAddress(u32(low(v)), spec) : appendNull(spec)) ? 0 : NO_ROOM
}

/** %q */
function convertLiteral(args: usize, i: i32): i32 {
  const v = load<i64>(argument(args, i))
  const tag = tagAt(argument(args, i))
  if (isStringTag(tag)) return appendQuoted(low(v)) ? 0 : NO_ROOM
  if (isIntegerTag(tag)) return appendLiteral(integerOf(v)) ? 0 : NO_ROOM
  if (tag != T_NIL && tag != T_TRUE && tag != T_FALSE) return raiseArgument(i + 1, MSG_FORMAT_LITERAL)
  const s = plainText(v)
  return appendBytes(bytesOf(s), lengthOf(s)) ? 0 : NO_ROOM
}
