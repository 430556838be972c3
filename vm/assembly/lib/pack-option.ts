// Options of string.pack's formats: reading them one by one. What has been read, and the settings that
// options change, is kept in the scratch area, which nothing else uses meanwhile.
import {
  MEM_SCRATCH,
  MSG_PACK_ALIGNMENT,
  MSG_PACK_FLOAT,
  MSG_PACK_LIMITS,
  MSG_PACK_NEXT,
  MSG_PACK_OPTION,
  MSG_PACK_SIZE,
  V_NIL,
} from '../../generated/layout'
import { raiseArgument, raiseMessage } from '../raise'
import { bytesOf, intern, lengthOf, stringWord } from '../string'
import { findByte } from './match-scan'

const OPTIONS: usize = MEM_SCRATCH + 256
const NEXT: usize = OPTIONS // u32: the next byte of the format
const END: usize = OPTIONS + 4
const LITTLE: usize = OPTIONS + 8
const MOST_ALIGN: usize = OPTIONS + 12
const SIZE: usize = OPTIONS + 16
const PADDING: usize = OPTIONS + 20

/** Kinds of options. */
export const RAISED: i32 = -1
export const NOTHING: i32 = 0 // a setting
export const SIGNED: i32 = 1
export const UNSIGNED: i32 = 2
export const FIXED: i32 = 3 // c: a string of fixed size
export const COUNTED: i32 = 4 // s: a string after its length
export const ZERO_ENDED: i32 = 5 // z
export const PADDING_BYTE: i32 = 6 // x
export const ALIGNMENT: i32 = 7 // X

const MOST_SIZE: i32 = 16
const NATIVE_ALIGN: i32 = 8

/** Begins to read a format. It ends at its first zero byte, if it has one. */
export function startOptions(form: usize): void {
  const end = bytesOf(form) + usize(lengthOf(form))
  const zero = findByte(bytesOf(form), end, 0)
  store<u32>(NEXT, u32(bytesOf(form)))
  store<u32>(END, u32(zero ? zero : end))
  store<i32>(LITTLE, 1)
  store<i32>(MOST_ALIGN, 1)
}

export function hasOption(): bool {
  return load<u32>(NEXT) < load<u32>(END)
}

/** Size in bytes of the option just read. */
export function optionSize(): i32 {
  return load<i32>(SIZE)
}

/** Bytes of padding before it. */
export function optionPadding(): i32 {
  return load<i32>(PADDING)
}

export function isLittle(): bool {
  return load<i32>(LITTLE) != 0
}

/** A number in the format, or `otherwise`. */
function readNumber(otherwise: i32): i32 {
  let at: usize = load<u32>(NEXT)
  const end: usize = load<u32>(END)
  if (at >= end || u32(i32(load<u8>(at)) - 48) > 9) return otherwise
  let n: i32 = 0
  do n = n * 10 + i32(load<u8>(at++)) - 48
  while (at < end && u32(i32(load<u8>(at)) - 48) < 10 && n <= (i32.MAX_VALUE - 9) / 10)
  store<u32>(NEXT, u32(at))
  return n
}

/** A size from 1 to 16 as an option of this kind; RAISED if it is another. */
function readSize(otherwise: i32, kind: i32): i32 {
  const n = readNumber(otherwise)
  if (n < 1 || n > MOST_SIZE) return raiseMessage(MSG_PACK_LIMITS, i64(n), V_NIL)
  return sized(n, kind)
}

function sized(size: i32, kind: i32): i32 {
  store<i32>(SIZE, size)
  return kind
}

function raiseOption(letter: i32, message: i32): i32 {
  store<u8>(OPTIONS, u8(letter))
  return raiseMessage(message, stringWord(intern(OPTIONS, 1)), V_NIL)
}

/** Reads an option's letter and size. */
function readOption(): i32 {
  const at: usize = load<u32>(NEXT)
  const letter: i32 = load<u8>(at)
  store<u32>(NEXT, u32(at) + 1)
  store<i32>(SIZE, 0)
  switch (letter) {
    case 98: // b
      return sized(1, SIGNED)
    case 66: // B
      return sized(1, UNSIGNED)
    case 104: // h
      return sized(2, SIGNED)
    case 72: // H
      return sized(2, UNSIGNED)
    case 108: // l
    case 106: // j
      return sized(8, SIGNED)
    case 76: // L
    case 74: // J
    case 84: // T
      return sized(8, UNSIGNED)
    case 105: // i
      return readSize(4, SIGNED)
    case 73: // I
      return readSize(4, UNSIGNED)
    case 115: // s
      return readSize(8, COUNTED)
    case 122: // z
      return ZERO_ENDED
    case 120: // x
      return sized(1, PADDING_BYTE)
    case 88: // X
      return ALIGNMENT
    default:
      return readSetting(letter)
  }
}

/** The other options: c, and those that change a setting. */
function readSetting(letter: i32): i32 {
  switch (letter) {
    case 99: {
      // c
      const size = readNumber(-1)
      return size < 0 ? raiseMessage(MSG_PACK_SIZE, V_NIL, V_NIL) : sized(size, FIXED)
    }
    case 32:
      return NOTHING
    case 60: // <
    case 61: // =
      store<i32>(LITTLE, 1)
      return NOTHING
    case 62: // >
      store<i32>(LITTLE, 0)
      return NOTHING
    case 33: {
      // !
      if (readSize(NATIVE_ALIGN, NOTHING) == RAISED) return RAISED
      store<i32>(MOST_ALIGN, load<i32>(SIZE))
      return sized(0, NOTHING)
    }
    case 100: // d
    case 102: // f
    case 110: // n
      return raiseOption(letter, MSG_PACK_FLOAT)
    default:
      return raiseOption(letter, MSG_PACK_OPTION)
  }
}

/** Reads the next option; `at` is the offset that it begins at, for its alignment. */
export function nextOption(at: i64): i32 {
  const kind = readOption()
  if (kind == RAISED) return RAISED
  let align = load<i32>(SIZE)
  if (kind == ALIGNMENT) {
    const next = hasOption() ? readOption() : FIXED
    if (next == RAISED) return RAISED
    align = load<i32>(SIZE)
    if (next == FIXED || align == 0) return raiseArgument(1, MSG_PACK_NEXT)
    store<i32>(SIZE, 0)
  }
  store<i32>(PADDING, 0)
  if (align <= 1 || kind == FIXED) return kind
  if (align > load<i32>(MOST_ALIGN)) align = load<i32>(MOST_ALIGN)
  if ((align & (align - 1)) != 0) return raiseArgument(1, MSG_PACK_ALIGNMENT)
  store<i32>(PADDING, (align - (i32(at) & (align - 1))) & (align - 1))
  return kind
}
