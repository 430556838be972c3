// string.len, sub, byte, char, rep, reverse, lower, upper.
import { LIMIT_SHORT_STRING, MSG_CHAR_RANGE, MSG_TOO_LARGE, V_NIL } from '../../generated/layout'
import {
  AGAIN,
  CONTROL,
  charge,
  checkInteger,
  checkOptionalInteger,
  integerArgument,
  isNone,
  NO_ROOM,
  one,
  optionalInteger,
  result,
  stringArgument,
} from '../arguments'
import { bufferBytes, bufferToString, putByte, reserveBuffer, resetBuffer } from '../buffer'
import { endPosition, product, REFUSED, slotsFor, startPosition, within } from '../checked'
import { makeRoom } from '../frames'
import { copyBytes } from '../memory'
import { raiseArgument, raiseMessage } from '../raise'
import { bytesOf, intern, lengthOf, stringWord, tryLongString, tryString } from '../string'

/** Eight bytes of 0x80. */
const HIGH_BITS: i64 = 0x8080808080808080
/** 0x7f - 'Z' and 0x80 - 'A' in every byte, and the same for 'z' and 'a'. */
const ABOVE_UPPER_Z: i64 = 0x2525252525252525
const FROM_UPPER_A: i64 = 0x3f3f3f3f3f3f3f3f
const ABOVE_LOWER_Z: i64 = 0x0505050505050505
const FROM_LOWER_A: i64 = 0x1f1f1f1f1f1f1f1f

export function stringLen(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  return s ? one(args, i64(lengthOf(s))) : CONTROL
}

export function stringSub(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  if (!s || !checkInteger(args, count, 1) || !checkOptionalInteger(args, count, 2)) return CONTROL
  const length = lengthOf(s)
  const from = startPosition(integerArgument(args, 1), length)
  const to = endPosition(optionalInteger(args, count, 2, -1), length)
  if (from > to) return one(args, stringWord(intern(bytesOf(s), 0)))
  const n = to - from + 1
  if (n == length) return one(args, stringWord(s))
  if (n > LIMIT_SHORT_STRING && !charge(i64(n >> 4))) return AGAIN
  const piece = tryString(bytesOf(s) + usize(from) - 1, n)
  return piece ? one(args, stringWord(piece)) : NO_ROOM
}

export function stringByte(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  if (!s || !checkOptionalInteger(args, count, 1) || !checkOptionalInteger(args, count, 2)) return CONTROL
  const position = optionalInteger(args, count, 1, 1)
  const from = startPosition(position, lengthOf(s))
  const to = endPosition(optionalInteger(args, count, 2, position), lengthOf(s))
  if (from > to) return 0
  const bytes = bytesOf(s) + usize(from) - 1
  if (from == to) return one(args, i64(load<u8>(bytes)))
  return bytesOut(args, bytes, to - from + 1)
}

/** So many bytes as results. */
function bytesOut(args: usize, bytes: usize, n: i32): i32 {
  if (!charge(i64(n))) return AGAIN
  if (!makeRoom(args, slotsFor(i64(n)))) return CONTROL
  for (let i = 0; i < n; i++) result(args, i, i64(load<u8>(bytes + usize(i))))
  return n
}

export function stringChar(args: usize, count: i32): i32 {
  resetBuffer()
  if (!reserveBuffer(count)) return NO_ROOM
  for (let i = 0; i < count; i++) {
    if (!checkInteger(args, count, i)) return CONTROL
    const c = within(integerArgument(args, i), 0, 255)
    if (c == REFUSED) return raiseArgument(i + 1, MSG_CHAR_RANGE)
    putByte(i32(c))
  }
  const s = bufferToString()
  return s ? one(args, stringWord(s)) : NO_ROOM
}

export function stringRep(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  if (!s || !checkInteger(args, count, 1)) return CONTROL
  let separator: usize = 0
  if (!isNone(args, count, 2)) {
    separator = stringArgument(args, count, 2)
    if (!separator) return CONTROL
  }
  const times = integerArgument(args, 1)
  const gap = separator ? lengthOf(separator) : 0
  const unit = i64(lengthOf(s)) + i64(gap)
  if (times <= 0 || unit == 0) return one(args, stringWord(intern(bytesOf(s), 0)))
  const total = product(unit, times)
  if (total == REFUSED) return raiseMessage(MSG_TOO_LARGE, V_NIL, V_NIL)
  return repeat(args, s, separator, i32(total) - gap)
}

/** The string and the separator, in turn, up to so many bytes. */
function repeat(args: usize, s: usize, separator: usize, total: i32): i32 {
  if (total == lengthOf(s)) return one(args, stringWord(s))
  if (total <= LIMIT_SHORT_STRING) {
    resetBuffer()
    if (!reserveBuffer(LIMIT_SHORT_STRING)) return NO_ROOM
    fill(bufferBytes(), s, separator, total)
    return one(args, stringWord(intern(bufferBytes(), total)))
  }
  const long = tryLongString(total)
  if (!long) return NO_ROOM
  if (!charge(i64(total >> 4))) return AGAIN
  fill(bytesOf(long), s, separator, total)
  return one(args, stringWord(long))
}

/** Fills `total` bytes: one unit, then what there is, doubled. */
function fill(to: usize, s: usize, separator: usize, total: i32): void {
  let done = lengthOf(s)
  copyBytes(to, bytesOf(s), done)
  if (separator && done < total) {
    copyBytes(to + usize(done), bytesOf(separator), lengthOf(separator))
    done += lengthOf(separator)
  }
  while (done < total) {
    const n = done < total - done ? done : total - done
    copyBytes(to + usize(done), to, n)
    done += n
  }
}

export function stringReverse(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  if (!s) return CONTROL
  const length = lengthOf(s)
  if (!charge(i64(length >> 4))) return AGAIN
  const to = resultBytes(length)
  if (!to) return NO_ROOM
  let last = bytesOf(s) + usize(length)
  let i: i32 = 0
  for (; i + 8 <= length; i += 8) {
    last -= 8
    store<i64>(to + i, bswap(load<i64>(last)))
  }
  for (; i < length; i++) store<u8>(to + i, load<u8>(--last))
  return finishResult(args, to, length)
}

/** Where a string of known length is written: a long string's bytes, or the buffer's; 0 without room. */
function resultBytes(length: i32): usize {
  if (length > LIMIT_SHORT_STRING) {
    const s = tryLongString(length)
    return s ? bytesOf(s) : 0
  }
  resetBuffer()
  return reserveBuffer(LIMIT_SHORT_STRING) ? bufferBytes() : 0
}

/** The string whose bytes are now in place. */
function finishResult(args: usize, bytes: usize, length: i32): i32 {
  if (length <= LIMIT_SHORT_STRING) return one(args, stringWord(intern(bytes, length)))
  return one(args, stringWord(bytes - bytesOf(0)))
}

/**
 * Changes the case of all letters between two bounds, eight bytes at a time: a byte's high bit in
 * `(x + FROM) ^ (x + ABOVE)` is set for a letter, and shifted right by 2 it is the bit of the case.
 */
function changeCase(args: usize, count: i32, from: i64, above: i64): i32 {
  const s = stringArgument(args, count, 0)
  if (!s) return CONTROL
  const length = lengthOf(s)
  if (!charge(i64(length >> 4))) return AGAIN
  const to = resultBytes(length)
  if (!to) return NO_ROOM
  const bytes = bytesOf(s)
  let i: i32 = 0
  for (; i + 8 <= length; i += 8) store<i64>(to + i, flipCase(load<i64>(bytes + i), from, above))
  for (; i < length; i++) store<u8>(to + i, u8(flipCase(i64(load<u8>(bytes + i)), from, above)))
  return finishResult(args, to, length)
}

function flipCase(x: i64, from: i64, above: i64): i64 {
  const low7 = x & ~HIGH_BITS
  return x ^ ((((low7 + from) ^ (low7 + above)) & ~x & HIGH_BITS) >>> 2)
}

export function stringLower(args: usize, count: i32): i32 {
  return changeCase(args, count, FROM_UPPER_A, ABOVE_UPPER_Z)
}

export function stringUpper(args: usize, count: i32): i32 {
  return changeCase(args, count, FROM_LOWER_A, ABOVE_LOWER_Z)
}
