// The library utf8: UTF-8 as lutf8lib.c has it, up to six bytes with the flag `lax`.

import { BUILTIN_UTF8_CODESLAX, BUILTIN_UTF8_CODESNEXT } from '../../generated/builtins'
import {
  MSG_CODEPOINT,
  MSG_INVALID_UTF8,
  MSG_POSITION_BOUNDS,
  MSG_UTF8_BOUNDS,
  MSG_UTF8_CONTINUATION,
  MSG_UTF8_FINAL,
  MSG_UTF8_INITIAL,
  T_BUILTIN,
  V_NIL,
} from '../../generated/layout'
import {
  AGAIN,
  argument,
  CONTROL,
  charge,
  checkInteger,
  checkOptionalInteger,
  integerArgument,
  NO_ROOM,
  one,
  optionalInteger,
  result,
  stringArgument,
} from '../arguments'
import { bufferToString, putByte, reserveBuffer, resetBuffer } from '../buffer'
import { REFUSED, relativePosition, slotsFor, within } from '../checked'
import { makeRoom } from '../frames'
import { pay } from '../fuel'
import { raiseArgument, raiseMessage } from '../raise'
import { bytesOf, lengthOf, stringWord } from '../string'
import { integerOf, isIntegerTag, isTrue, tagAt, tagged } from '../value'

const MOST: i64 = 0x7fffffff
const MOST_UNICODE: i32 = 0x10ffff
const NOT_UTF8: i64 = -1
/** In eight bytes: set in those that are not ASCII. */
const HIGH_BITS: i64 = 0x8080808080808080

/** Is the byte at `at` one that continues a character? The end is not. */
function continues(at: usize, end: usize): bool {
  return at < end && (load<u8>(at) & 0xc0) == 0x80
}

/** Smallest code point for a character with so many bytes after the first. */
function smallest(more: i32): i64 {
  return more == 0 ? 0x100000000 : more == 1 ? 0x80 : i64(1) << (5 * more + 1)
}

/** The character at `at`: its code point, and above bit 32 its bytes; NOT_UTF8 if there is none. */
function decode(at: usize, end: usize, lax: bool): i64 {
  let c: i32 = load<u8>(at)
  if (c < 0x80) return i64(c) | (i64(1) << 32)
  let more: i32 = 0
  let code: i64 = 0
  for (; c & 0x40; c <<= 1) {
    more++
    if (!continues(at + usize(more), end)) return NOT_UTF8
    code = (code << 6) | i64(load<u8>(at + usize(more)) & 0x3f)
  }
  code |= i64(c & 0x7f) << (more * 5)
  if (more > 5 || code > MOST || code < smallest(more)) return NOT_UTF8
  if (!lax && (code > MOST_UNICODE || (code >= 0xd800 && code <= 0xdfff))) return NOT_UTF8
  return code | (i64(more + 1) << 32)
}

function isLax(args: usize, count: i32, i: i32): bool {
  return i < count && isTrue(load<i64>(argument(args, i)))
}

/** Appends a code point to the buffer, which has room. */
function putCode(code: i32): void {
  if (code < 0x80) {
    putByte(code)
    return
  }
  let more: i32 = 1
  while (more < 5 && i64(code) >= smallest(more + 1)) more++
  putByte((0xff ^ (0x7f >> more)) | (code >> (6 * more)))
  for (let i = more - 1; i >= 0; i--) putByte(0x80 | ((code >> (6 * i)) & 0x3f))
}

export function utf8Char(args: usize, count: i32): i32 {
  resetBuffer()
  if (!reserveBuffer(count * 6)) return NO_ROOM
  for (let i = 0; i < count; i++) {
    if (!checkInteger(args, count, i)) return CONTROL
    const code = within(integerArgument(args, i), 0, MOST)
    if (code == REFUSED) return raiseArgument(i + 1, MSG_CODEPOINT)
    putCode(i32(code))
  }
  const s = bufferToString()
  return s ? one(args, stringWord(s)) : NO_ROOM
}

export function utf8Codepoint(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  if (!s || !checkOptionalInteger(args, count, 1)) return CONTROL
  const first = relativePosition(optionalInteger(args, count, 1, 1), lengthOf(s))
  if (!checkOptionalInteger(args, count, 2)) return CONTROL
  const last = relativePosition(optionalInteger(args, count, 2, i64(first)), lengthOf(s))
  if (first < 1) return raiseArgument(2, MSG_UTF8_BOUNDS)
  if (last > lengthOf(s)) return raiseArgument(3, MSG_UTF8_BOUNDS)
  if (first > last) return 0
  const lax = isLax(args, count, 3)
  if (!charge(i64(last - first))) return AGAIN
  if (!makeRoom(args, slotsFor(i64(last - first + 1)))) return CONTROL
  return giveCodes(args, s, first, last, lax)
}

/** The code points from byte `first` to byte `last`. */
function giveCodes(args: usize, s: usize, first: i32, last: i32, lax: bool): i32 {
  const end = bytesOf(s) + usize(lengthOf(s))
  const stop = bytesOf(s) + usize(last)
  let at = bytesOf(s) + usize(first) - 1
  let n: i32 = 0
  while (at < stop) {
    const decoded = decode(at, end, lax)
    if (decoded == NOT_UTF8) return raiseMessage(MSG_INVALID_UTF8, V_NIL, V_NIL)
    result(args, n, i64(u32(decoded)))
    at += usize(decoded >> 32)
    n++
  }
  return n
}

export function utf8Len(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  if (!s || !checkOptionalInteger(args, count, 1) || !checkOptionalInteger(args, count, 2)) return CONTROL
  const length = lengthOf(s)
  const first = relativePosition(optionalInteger(args, count, 1, 1), length) - 1
  const last = relativePosition(optionalInteger(args, count, 2, -1), length) - 1
  if (first < 0 || first > length) return raiseArgument(2, MSG_UTF8_INITIAL)
  if (last >= length) return raiseArgument(3, MSG_UTF8_FINAL)
  if (last > first && !charge(i64((last - first) >> 3))) return AGAIN
  const lax = isLax(args, count, 3)
  let at = first
  let n: i64 = 0
  while (at <= last) {
    if (at + 8 <= last && (load<i64>(bytesOf(s) + usize(at)) & HIGH_BITS) == 0) {
      at += 8
      n += 8
      continue
    }
    const decoded = decode(bytesOf(s) + usize(at), bytesOf(s) + usize(length), lax)
    if (decoded == NOT_UTF8) {
      result(args, 0, V_NIL)
      result(args, 1, i64(at) + 1)
      return 2
    }
    at += i32(decoded >> 32)
    n++
  }
  return one(args, n)
}

export function utf8Offset(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  if (!s || !checkInteger(args, count, 1) || !checkOptionalInteger(args, count, 2)) return CONTROL
  const n = integerArgument(args, 1)
  const length = lengthOf(s)
  const position = relativePosition(optionalInteger(args, count, 2, n >= 0 ? 1 : i64(length) + 1), length) - 1
  if (position < 0 || position > length) return raiseArgument(3, MSG_POSITION_BOUNDS)
  const begin = bytesOf(s)
  const end = begin + usize(length)
  let at = begin + usize(position)
  if (!charge(i64(length >> 3))) return AGAIN
  if (n == 0) {
    while (at > begin && continues(at, end)) at--
    return one(args, i64(at - begin) + 1)
  }
  if (continues(at, end)) return raiseMessage(MSG_UTF8_CONTINUATION, V_NIL, V_NIL)
  at = n < 0 ? stepBack(at, begin, n) : stepForward(at, end, n)
  return one(args, at ? i64(at - begin) + 1 : V_NIL)
}

/** The character -n before `at`; 0 if there are not so many. */
function stepBack(at: usize, begin: usize, n: i64): usize {
  while (n < 0) {
    if (at == begin) return 0
    do at--
    while (at > begin && (load<u8>(at) & 0xc0) == 0x80)
    n++
  }
  return at
}

/** The n-th character from `at` on; 0 if there are not so many. */
function stepForward(at: usize, end: usize, n: i64): usize {
  while (n > 1) {
    if (at >= end) return 0
    do at++
    while (continues(at, end))
    n--
  }
  return at
}

export function utf8Codes(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  if (!s) return CONTROL
  const next = isLax(args, count, 1) ? BUILTIN_UTF8_CODESLAX : BUILTIN_UTF8_CODESNEXT
  result(args, 0, tagged(T_BUILTIN, next))
  result(args, 1, stringWord(s))
  result(args, 2, 0)
  return 3
}

export function utf8Codesnext(args: usize, count: i32): i32 {
  return nextCode(args, count, false)
}

export function utf8Codeslax(args: usize, count: i32): i32 {
  return nextCode(args, count, true)
}

/** Position and code point of the character after the one at the position given. */
function nextCode(args: usize, count: i32, lax: bool): i32 {
  const s = stringArgument(args, count, 0)
  if (!s) return CONTROL
  const end = bytesOf(s) + usize(lengthOf(s))
  const given = count > 1 && isIntegerTag(tagAt(args + 8)) ? integerOf(load<i64>(args, 8)) : 0
  const position = within(given, 0, i64(lengthOf(s)) - 1)
  if (position == REFUSED) return 0
  let at = bytesOf(s) + usize(position)
  while (continues(at, end)) at++
  pay(i32(at - bytesOf(s) - usize(position)) >> 3)
  if (at >= end) return 0
  const decoded = decode(at, end, lax)
  if (decoded == NOT_UTF8) return raiseMessage(MSG_INVALID_UTF8, V_NIL, V_NIL)
  result(args, 0, i64(at - bytesOf(s)) + 1)
  result(args, 1, i64(u32(decoded)))
  return 2
}
