// Fields of data blocks: a compiled layout is a table from names to descriptors, and a descriptor is one
// integer that says how to read and write the field:
//
//     63  62…59   58…32    31…0
//     ┌──┬──────┬─────────┬─────────┐
//     │ 0│ kind │ length  │ offset  │
//     └──┴──────┴─────────┴─────────┘
//
// Kinds 0…7 are whole bytes at a whole byte: bits 0-1 are the binary logarithm of the size, bit 2 set means
// little-endian; offset in bytes. Then come strings (offset and length in bytes) and any other number
// (offset and length in bits, MSB-0 order), big- and little-endian.
//
// Scripts can get at compiled layouts and put any integer into them. So nothing here trusts a descriptor:
// what is read or written always lies inside the block.
import {
  BLOCK_ADDRESS,
  BLOCK_LENGTH,
  BLOCKHEADER_MISC,
  G_STRICT,
  MSG_BLOCK_BOUNDS,
  MSG_BLOCK_VALUE,
  V_EMPTY,
  V_FALSE,
  V_NIL,
} from '../../generated/layout'
import { AGAIN, CONTROL, charge, NO_ROOM, one } from '../arguments'
import { cut } from '../checked'
import { copyBytes } from '../memory'
import { integerToString, parsedInteger, parseInteger } from '../number'
import { checkWritable, isFetched, isThere, markDirty } from '../packet-window'
import { raiseMessage } from '../raise'
import { bytesOf, lengthOf, stringWord, tryString } from '../string'
import { high, integer, integerOf, isIntegerTag, isStringTag, low } from '../value'

/** Whole bytes, little-endian: added to the logarithm of the size. */
export const LITTLE: i32 = 4
export const STRING: i32 = 8
/** Numbers of any other length, or not at a whole byte: most significant bit first. */
export const BITS: i32 = 9
/** The same with the bytes of the number in reverse order. */
export const SWAPPED_BITS: i32 = 10
/** Bits of the longest number. */
const LONGEST_NUMBER: i32 = 64
/** Longest field: what a descriptor has room for. */
export const MAX_LENGTH: i32 = 0x7ffffff

export function descriptor(kind: i32, length: i32, offset: i64): i64 {
  return (i64((kind << 27) | length) << 32) | offset
}

function kindOfField(d: i64): i32 {
  return i32(d >> 59)
}

function lengthOfField(d: i64): i32 {
  return i32(d >> 32) & MAX_LENGTH
}

function offsetOfField(d: i64): i64 {
  return d & 0xffffffff
}

/** Address of the field's first byte, or 0 if not all of it lies in the block. */
function locate(block: usize, d: i64): usize {
  const kind = kindOfField(d)
  const offset = offsetOfField(d)
  const length = load<i32>(block, BLOCK_LENGTH)
  const at: usize = load<u32>(block, BLOCK_ADDRESS)
  if (kind < STRING) return offset + (1 << (kind & 3)) <= i64(length) ? at + usize(offset) : 0
  const end = offset + i64(lengthOfField(d))
  if (kind == STRING) return end <= i64(length) ? at + usize(offset) : 0
  if (lengthOfField(d) > LONGEST_NUMBER) return 0
  return (end + 7) >> 3 <= i64(length) ? at + usize(offset >> 3) : 0
}

/** Bytes of the block that a field touches, from its first byte on. */
function bytesTouched(d: i64): i32 {
  const kind = kindOfField(d)
  if (kind < STRING) return 1 << (kind & 3)
  if (kind == STRING) return lengthOfField(d)
  return ((i32(d) & 7) + lengthOfField(d) + 7) >> 3
}

/** An access outside the block: nil, or nothing, or an error in strict mode. */
function outside(args: usize): i32 {
  if (load<i32>(G_STRICT)) return raiseMessage(MSG_BLOCK_BOUNDS, V_NIL, V_NIL)
  return one(args, V_NIL)
}

/** Reverses the bytes of a number of `bits` bits, a multiple of 8. */
function swapBytes(v: i64, bits: i32): i64 {
  return bswap<i64>(v) >>> i64(64 - bits)
}

/** The `bits` bits that begin `skip` bits (0…7) into the byte at `from`. */
function readBits(from: usize, skip: i32, bits: i32): i64 {
  const span = skip + bits
  const whole: i32 = span > 64 ? 64 : span
  let at = from
  let v: i64 = 0
  let got: i32 = 0
  for (; got < whole; got += 8) v = (v << 8) | i64(load<u8>(at++))
  if (span > 64) v = (v << i64(span - 64)) | (i64(load<u8>(at)) >>> i64(72 - span))
  else v >>>= i64(got - span)
  return bits < 64 ? v & ((i64(1) << i64(bits)) - 1) : v
}

/** The opposite: writes the low `bits` bits of a number, from the last byte to the first. */
function writeBits(from: usize, skip: i32, bits: i32, value: i64): void {
  const span = skip + bits
  let at = from + usize((span - 1) >> 3)
  let below = -span & 7 // bits of the last byte that lie after the field
  let v = value
  let left = bits
  while (left > 0) {
    const take = left < 8 - below ? left : 8 - below
    const mask = ((1 << take) - 1) << below
    store<u8>(at, u8((i32(load<u8>(at)) & ~mask) | ((cut(v, take) << below) & mask)))
    v >>>= i64(take)
    left -= take
    below = 0
    at--
  }
}

function readWhole(kind: i32, at: usize): i64 {
  switch (kind) {
    case 1:
      return i64(bswap<u16>(load<u16>(at)))
    case 2:
      return i64(bswap<u32>(load<u32>(at)))
    case 3:
      return bswap<i64>(load<i64>(at))
    case 5:
      return i64(load<u16>(at))
    case 6:
      return i64(load<u32>(at))
    case 7:
      return load<i64>(at)
    default:
      return i64(load<u8>(at))
  }
}

function writeWhole(kind: i32, at: usize, v: i64): void {
  switch (kind) {
    case 1:
      store<u16>(at, bswap<u16>(u16(v)))
      return
    case 2:
      store<u32>(at, bswap<u32>(u32(v))) // a value: the field takes its low bits
      return
    case 3:
      store<i64>(at, bswap<i64>(v))
      return
    case 5:
      store<u16>(at, u16(v))
      return
    case 6:
      store<u32>(at, u32(v)) // a value: the field takes its low bits
      return
    case 7:
      store<i64>(at, v)
      return
    default:
      store<u8>(at, u8(v))
  }
}

/** The value of a whole number of up to 32 bits that is there; V_FALSE: it is a text, V_EMPTY: something else. */
export function readPlain(block: usize, d: i64): i64 {
  const kind = kindOfField(d)
  if (kind == STRING) return V_FALSE
  if (kind >= STRING || (kind & 3) == 3) return V_EMPTY
  const at = locate(block, d)
  if (!at || (load<u16>(block, BLOCKHEADER_MISC) && !isThere(at, 1 << (kind & 3)))) return V_EMPTY
  return readWhole(kind, at)
}

/** Reads a field of a living block: one result, nil if the field reaches beyond the block. */
export function readField(args: usize, block: usize, d: i64): i32 {
  const at = locate(block, d)
  if (!at) return outside(args)
  if (load<u16>(block, BLOCKHEADER_MISC) && !isFetched(at, bytesTouched(d))) return AGAIN
  const kind = kindOfField(d)
  if (kind < STRING) return one(args, integer(readWhole(kind, at)))
  const length = lengthOfField(d)
  if (kind == STRING) {
    if (!charge(i64(length >> 4))) return AGAIN
    const s = tryString(at, length)
    return s ? one(args, stringWord(s)) : NO_ROOM
  }
  const v = readBits(at, i32(d) & 7, length)
  return one(args, integer(kind == BITS ? v : swapBytes(v, length)))
}

/** String object of a value that a string field takes, or 0. */
function textOf(value: i64): usize {
  if (isStringTag(high(value))) return low(value)
  return isIntegerTag(high(value)) ? integerToString(integerOf(value)) : 0
}

function writeText(at: usize, length: i32, value: i64): i32 {
  const s = textOf(value)
  if (!s) return raiseMessage(MSG_BLOCK_VALUE, V_NIL, V_NIL)
  const bytes = lengthOf(s) < length ? lengthOf(s) : length
  if (!charge(i64(bytes >> 4))) return AGAIN
  copyBytes(at, bytesOf(s), bytes)
  return 0
}

/**
 * Writes a field of a living block. Numbers are cut to the field's bits, strings to its bytes; a string
 * that is shorter leaves the rest of the field as it is.
 */
export function writeField(args: usize, block: usize, d: i64, value: i64): i32 {
  const at = locate(block, d)
  if (!at) return outside(args)
  if (load<u16>(block, BLOCKHEADER_MISC)) {
    if (!checkWritable()) return CONTROL
    if (!isFetched(at, bytesTouched(d))) return AGAIN
    markDirty(at, bytesTouched(d))
  }
  const kind = kindOfField(d)
  if (kind == STRING) return writeText(at, lengthOfField(d), value)
  let v = value
  if (isStringTag(high(v)) && parseInteger(low(v))) v = parsedInteger()
  if (!isIntegerTag(high(v))) return raiseMessage(MSG_BLOCK_VALUE, V_NIL, V_NIL)
  v = integerOf(v)
  if (kind < STRING) writeWhole(kind, at, v)
  else writeBits(at, i32(d) & 7, lengthOfField(d), kind == BITS ? v : swapBytes(v, lengthOfField(d)))
  return 0
}
