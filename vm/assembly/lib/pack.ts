// string.pack, packsize and unpack, for integers and strings; pack-option.ts reads the formats.
import {
  MSG_FORMAT_ZEROS,
  MSG_PACK_INITIAL,
  MSG_PACK_LARGE,
  MSG_PACK_LENGTH,
  MSG_PACK_LONG,
  MSG_PACK_OVERFLOW,
  MSG_PACK_SHORT,
  MSG_PACK_UNFINISHED,
  MSG_PACK_UNSIGNED,
  MSG_PACK_VARIABLE,
  MSG_PACK_WIDE,
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
import { bufferLength, bufferToString, putByte, putBytes, reserveBuffer, resetBuffer } from '../buffer'
import { cut, startPosition } from '../checked'
import { makeRoom } from '../frames'
import { hasRoom } from '../memory'
import { raiseArgument, raiseMessage } from '../raise'
import { bytesOf, lengthOf, stringWord, tryString } from '../string'
import { integer } from '../value'
import { spend } from './match-drive'
import { findByte } from './match-scan'
import {
  COUNTED,
  FIXED,
  hasOption,
  isLittle,
  nextOption,
  optionPadding,
  optionSize,
  PADDING_BYTE,
  RAISED,
  SIGNED,
  startOptions,
  UNSIGNED,
  ZERO_ENDED,
} from './pack-option'

/** Results for which there is always room. */
const ROOM: i32 = 20

function putZeros(count: i32): void {
  for (let i: i32 = 0; i < count; i++) putByte(0)
}

/** Appends an integer's bytes, for which there is room. */
function putInteger(i: i64, size: i32): void {
  const little = isLittle()
  for (let k: i32 = 0; k < size; k++) {
    const byte = little ? k : size - 1 - k
    putByte(byte < 8 ? cut(i >> (byte << 3), 8) : i < 0 ? 255 : 0)
  }
}

export function packPack(args: usize, count: i32): i32 {
  const form = stringArgument(args, count, 0)
  if (!form) return CONTROL
  if (!charge(i64(lengthOf(form)))) return AGAIN
  startOptions(form)
  resetBuffer()
  // a missing argument is reported as nil
  store<i64>(argument(args, count), V_NIL)
  let i: i32 = 1
  while (hasOption()) {
    const kind = nextOption(i64(bufferLength()))
    if (kind == RAISED) return CONTROL
    if (!reserveBuffer(optionPadding() + 16)) return NO_ROOM
    putZeros(optionPadding())
    let done: i32 = 0
    if (kind == SIGNED || kind == UNSIGNED) done = packInteger(args, count + 1, i++, kind)
    else if (kind == PADDING_BYTE) putByte(0)
    else if (kind >= FIXED && kind <= ZERO_ENDED) done = packString(args, count + 1, i++, kind)
    if (done != 0) return done
  }
  spend(bufferLength())
  const s = bufferToString()
  return s ? one(args, stringWord(s)) : NO_ROOM
}

function packInteger(args: usize, count: i32, i: i32, kind: i32): i32 {
  if (!checkInteger(args, count, i)) return CONTROL
  const n = integerArgument(args, i)
  const size = optionSize()
  if (size < 8) {
    if (kind == SIGNED) {
      const limit = i64(1) << ((size << 3) - 1)
      if (n < -limit || n >= limit) return raiseArgument(i + 1, MSG_PACK_OVERFLOW)
    } else if (u64(n) >= u64(1) << (size << 3)) return raiseArgument(i + 1, MSG_PACK_UNSIGNED)
  }
  if (kind == UNSIGNED && size > 8) {
    putUnsigned(n, size)
    return 0
  }
  putInteger(n, size)
  return 0
}

/** An unsigned integer of more than 8 bytes: the others are zero. */
function putUnsigned(n: i64, size: i32): void {
  if (!isLittle()) putZeros(size - 8)
  putInteger(n, 8)
  if (isLittle()) putZeros(size - 8)
}

function packString(args: usize, count: i32, i: i32, kind: i32): i32 {
  const s = stringArgument(args, count, i)
  if (!s) return CONTROL
  const length = lengthOf(s)
  const size = optionSize()
  if (kind == FIXED) {
    if (length > size) return raiseArgument(i + 1, MSG_PACK_LONG)
  } else if (kind == COUNTED) {
    if (size < 4 && length >= 1 << (size << 3)) return raiseArgument(i + 1, MSG_PACK_LENGTH)
    putInteger(i64(length), size)
  } else if (findByte(bytesOf(s), bytesOf(s) + usize(length), 0))
    return raiseArgument(i + 1, MSG_FORMAT_ZEROS)
  const padding = kind == FIXED ? size - length : kind == ZERO_ENDED ? 1 : 0
  if (!reserveBuffer(length + padding)) return NO_ROOM
  putBytes(bytesOf(s), length)
  putZeros(padding)
  return 0
}

export function packPacksize(args: usize, count: i32): i32 {
  const form = stringArgument(args, count, 0)
  if (!form) return CONTROL
  if (!charge(i64(lengthOf(form)))) return AGAIN
  startOptions(form)
  let total: i64 = 0
  while (hasOption()) {
    const kind = nextOption(total)
    if (kind == RAISED) return CONTROL
    if (kind == COUNTED || kind == ZERO_ENDED) return raiseArgument(1, MSG_PACK_VARIABLE)
    const size = i64(optionSize()) + i64(optionPadding())
    if (total > i64(i32.MAX_VALUE) - size) return raiseArgument(1, MSG_PACK_LARGE)
    total += size
  }
  return one(args, total)
}

export function packUnpack(args: usize, count: i32): i32 {
  const form = stringArgument(args, count, 0)
  const s = form ? stringArgument(args, count, 1) : 0
  if (!s || !checkOptionalInteger(args, count, 2)) return CONTROL
  const position = startPosition(optionalInteger(args, count, 2, 1), lengthOf(s)) - 1
  if (position > lengthOf(s)) return raiseArgument(3, MSG_PACK_INITIAL)
  if (!charge(i64(lengthOf(form)))) return AGAIN
  startOptions(form)
  return unpackAll(args, count, s, position)
}

/** Unpacks into the slots above the arguments, and at the end moves the values to where results belong. */
function unpackAll(args: usize, count: i32, s: usize, position: i32): i32 {
  let at = position
  let n: i32 = 0
  while (hasOption()) {
    const kind = nextOption(i64(at))
    if (kind == RAISED) return CONTROL
    if (i64(optionPadding()) + i64(optionSize()) > i64(lengthOf(s) - at))
      return raiseArgument(2, MSG_PACK_SHORT)
    at += optionPadding()
    if (kind >= SIGNED && kind <= ZERO_ENDED) {
      if (count + n + 2 > ROOM && !makeRoom(args, count + n + 2)) return CONTROL
      const taken = unpackOne(argument(args, count + n), s, at, kind)
      if (taken < 0) return taken
      at += taken
      n++
    } else at += optionSize()
  }
  for (let k: i32 = 0; k < n; k++) result(args, k, load<i64>(argument(args, count + k)))
  result(args, n, i64(at) + 1)
  return n + 1
}

/** Stores the value of one option; how many bytes it takes, or CONTROL, NO_ROOM. */
function unpackOne(slot: usize, s: usize, at: i32, kind: i32): i32 {
  const size = optionSize()
  const bytes = bytesOf(s) + usize(at)
  const left = lengthOf(s) - at
  if (kind == SIGNED || kind == UNSIGNED) {
    if (!fits(bytes, size, kind == SIGNED)) return raiseMessage(MSG_PACK_WIDE, i64(size), V_NIL)
    if (!hasRoom()) return NO_ROOM
    store<i64>(slot, integer(readInteger(bytes, size, kind == SIGNED)))
    return size
  }
  let skip: i32 = 0
  let length = size
  let after: i32 = 0
  if (kind == COUNTED) {
    if (!fits(bytes, size, false)) return raiseMessage(MSG_PACK_WIDE, i64(size), V_NIL)
    const counted = readInteger(bytes, size, false)
    if (u64(counted) > u64(left - size)) return raiseArgument(2, MSG_PACK_SHORT)
    skip = size
    length = i32(counted)
  } else if (kind == ZERO_ENDED) {
    const zero = findByte(bytes, bytes + usize(left), 0)
    if (!zero) return raiseArgument(2, MSG_PACK_UNFINISHED)
    length = i32(zero - bytes)
    after = 1
  }
  spend(length)
  const piece = tryString(bytes + usize(skip), length)
  if (!piece) return NO_ROOM
  store<i64>(slot, stringWord(piece))
  return skip + length + after
}

/** Byte k of an integer, counted from its lowest. */
function integerByte(bytes: usize, size: i32, k: i32): i64 {
  return i64(load<u8>(bytes + usize(isLittle() ? k : size - 1 - k)))
}

/** Is an integer of more than 8 bytes one of 64 bits? */
function fits(bytes: usize, size: i32, signed: bool): bool {
  if (size <= 8) return true
  const rest: i64 = signed && readInteger(bytes, size, signed) < 0 ? 255 : 0
  for (let k: i32 = 8; k < size; k++) if (integerByte(bytes, size, k) != rest) return false
  return true
}

function readInteger(bytes: usize, size: i32, signed: bool): i64 {
  let i: i64 = 0
  for (let k = (size < 8 ? size : 8) - 1; k >= 0; k--) i = (i << 8) | integerByte(bytes, size, k)
  if (!signed || size >= 8) return i
  const unused = 64 - (size << 3)
  return (i << unused) >> unused
}
