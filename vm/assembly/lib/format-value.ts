// Writing values as string.format's conversions want them, into the buffer. Functions that return a bool
// say false when there is no room, and the buffer is lost.
import { G_BUFFER_LENGTH, MEM_SCRATCH, MEM_SCRATCH_BYTES } from '../../generated/layout'
import { appendBytes, bufferBytes, bufferLength, putByte, putBytes, reserveBuffer } from '../buffer'
import { cut } from '../checked'
import { writeDigits, writeInteger } from '../number'
import { bytesOf, lengthOf } from '../string'
import { BLANK, HASH, LEFT, PLUS, ZERO } from './format-spec'

/** Where digits are written, backwards. */
const DIGITS_END: usize = MEM_SCRATCH + MEM_SCRATCH_BYTES - 8

const LETTER_X: i32 = 120
const QUOTE: i32 = 34
const BACKSLASH: i32 = 92

function putMany(byte: i32, count: i32): void {
  for (let i: i32 = 0; i < count; i++) putByte(byte)
}

/** An integer without any specification. */
export function appendInteger(i: i64): bool {
  if (!reserveBuffer(24)) return false
  store<i32>(G_BUFFER_LENGTH, bufferLength() + writeInteger(bufferBytes() + usize(bufferLength()), i))
  return true
}

/** Writes digits to the base 8 or 16; where they start. `letter` is the conversion's. */
function writePowerDigits(value: u64, letter: i32): usize {
  const shift: u64 = letter == 111 ? 3 : 4
  const ten = letter == 88 ? 55 : 87
  let at = DIGITS_END
  do {
    const d = cut(i64(value), i32(shift))
    store<u8>(--at, u8(d < 10 ? 48 + d : ten + d))
    value >>= shift
  } while (value)
  return at
}

/** Characters before the digits: a sign, or 0x; packed, the first in the low byte. */
function prefixOf(i: i64, spec: i32, letter: i32): i32 {
  if (letter == 100 || letter == 105) {
    if (i < 0) return 45
    if (spec & PLUS) return 43
    return spec & BLANK ? 32 : 0
  }
  return (letter | 32) == LETTER_X && (spec & HASH) != 0 && i != 0 ? 48 | (letter << 8) : 0
}

/** An integer by d, i, u, o, x or X. */
export function appendNumber(i: i64, spec: i32, letter: i32): bool {
  const signed = letter == 100 || letter == 105
  const decimal = signed || letter == 117
  const magnitude = signed && i < 0 ? u64(0) - u64(i) : u64(i) // a value: right for the smallest, too
  const digits = decimal ? writeDigits(DIGITS_END, magnitude) : writePowerDigits(magnitude, letter)
  const count = i == 0 && spec >> 16 == 1 ? 0 : i32(DIGITS_END - digits)
  const prefix = prefixOf(i, spec, letter)
  const prefixLength = prefix > 255 ? 2 : prefix > 0 ? 1 : 0
  const width = (spec >> 8) & 255
  let zeros = (spec >> 16) - 1 - count
  if (spec >> 16 == 0 && (spec & (ZERO | LEFT)) == ZERO) zeros = width - prefixLength - count
  if (letter == 111 && (spec & HASH) != 0 && zeros <= 0 && (i != 0 || count == 0)) zeros = 1
  if (zeros < 0) zeros = 0
  return appendField(DIGITS_END - usize(count), count | (zeros << 8), prefix, spec)
}

/** Prefix, zeros and digits, padded. `counts`: digits, and zeros above bit 8. */
function appendField(digits: usize, counts: i32, prefix: i32, spec: i32): bool {
  if (!reserveBuffer(256)) return false
  const length = (prefix > 255 ? 2 : prefix > 0 ? 1 : 0) + (counts & 255) + (counts >> 8)
  const padding = ((spec >> 8) & 255) - length
  if (!(spec & LEFT)) putMany(32, padding)
  if (prefix) putByte(prefix & 255)
  if (prefix > 255) putByte(prefix >> 8)
  putMany(48, counts >> 8)
  putBytes(digits, counts & 255)
  if (spec & LEFT) putMany(32, padding)
  return true
}

/** Bytes, cut to the precision and padded. */
export function appendText(bytes: usize, length: i32, spec: i32): bool {
  const precision = (spec >> 16) - 1
  const n = precision >= 0 && precision < length ? precision : length
  const padding = ((spec >> 8) & 255) - n
  if (!reserveBuffer(n + 256)) return false
  if (!(spec & LEFT)) putMany(32, padding)
  putBytes(bytes, n)
  if (spec & LEFT) putMany(32, padding)
  return true
}

/** One byte, padded. */
export function appendCharacter(byte: i32, spec: i32): bool {
  store<u8>(MEM_SCRATCH, u8(byte))
  return appendText(MEM_SCRATCH, 1, spec)
}

/** A string as a Lua literal. */
export function appendQuoted(s: usize): bool {
  const bytes = bytesOf(s)
  const length = lengthOf(s)
  if (!reserveBuffer(length + 2)) return false
  putByte(QUOTE)
  for (let i: i32 = 0; i < length; i++) {
    // each byte may take four
    if (!reserveBuffer(length - i + 6)) return false
    const c: i32 = load<u8>(bytes + usize(i))
    if (c == QUOTE || c == BACKSLASH || c == 10) {
      putByte(BACKSLASH)
      putByte(c)
    } else if (c < 32 || c == 127) {
      const digit = i + 1 < length && u32(i32(load<u8>(bytes + usize(i), 1)) - 48) < 10
      putEscape(c, digit)
    } else putByte(c)
  }
  putByte(QUOTE)
  return true
}

/** \ddd, with all three digits if another digit follows. */
function putEscape(c: i32, whole: bool): void {
  putByte(BACKSLASH)
  if (whole || c > 99) putByte(48 + c / 100)
  if (whole || c > 9) putByte(48 + ((c / 10) % 10))
  putByte(48 + (c % 10))
}

/** The address of an object as %p shows it. */
export function appendAddress(address: u32, spec: i32): bool {
  let at = DIGITS_END
  for (let shift: u32 = 0; shift < 32; shift += 4) {
    const d = i32((address >> shift) & 15)
    store<u8>(--at, u8(d < 10 ? 48 + d : 87 + d))
  }
  return appendField(at, 8, 48 | (LETTER_X << 8), spec)
}

/** (null) */
export function appendNull(spec: i32): bool {
  store<i64>(MEM_SCRATCH, 0x00296c6c756e28)
  return appendText(MEM_SCRATCH, 6, spec)
}

/** An integer as a literal that reads back as itself. */
export function appendLiteral(i: i64): bool {
  if (i != i64.MIN_VALUE) return appendInteger(i)
  const digits = writePowerDigits(u64(i), LETTER_X)
  store<u16>(digits - 2, 0x7830)
  return appendBytes(digits - 2, 18)
}
