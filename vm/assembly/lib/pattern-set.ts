// Character sets: 256 bits, and the character classes of patterns (%a, %d, …) in the C locale.

/** Is the byte c in the set? */
export function inSet(set: usize, c: i32): bool {
  return ((i32(load<u8>(set + (usize(c) >> 3))) >>> (c & 7)) & 1) != 0
}

/** Have two sets no byte in common? */
export function areDisjoint(a: usize, b: usize): bool {
  return (
    ((load<i64>(a) & load<i64>(b)) |
      (load<i64>(a, 8) & load<i64>(b, 8)) |
      (load<i64>(a, 16) & load<i64>(b, 16)) |
      (load<i64>(a, 24) & load<i64>(b, 24))) ==
    0
  )
}

export function clearSet(set: usize): void {
  store<i64>(set, 0)
  store<i64>(set, 0, 8)
  store<i64>(set, 0, 16)
  store<i64>(set, 0, 24)
}

export function invertSet(set: usize): void {
  store<i64>(set, ~load<i64>(set))
  store<i64>(set, ~load<i64>(set, 8), 8)
  store<i64>(set, ~load<i64>(set, 16), 16)
  store<i64>(set, ~load<i64>(set, 24), 24)
}

export function addByte(set: usize, c: i32): void {
  const at = set + (usize(c) >> 3)
  store<u8>(at, u8(i32(load<u8>(at)) | (1 << (c & 7))))
}

/** Adds the bytes from `first` to `last`. */
export function addRange(set: usize, first: i32, last: i32): void {
  let c = first
  while (c <= last) {
    if ((c & 7) == 0 && c + 7 <= last) {
      store<u8>(set + (usize(c) >> 3), 255)
      c += 8
    } else {
      addByte(set, c)
      c++
    }
  }
}

/** Bytes 0…63 of the class with this (lower-case) letter. */
function classLow(letter: i32): i64 {
  switch (letter) {
    case 99: // c
      return 0x00000000ffffffff
    case 100: // d
    case 119: // w
    case 120: // x
      return 0x03ff000000000000
    case 103: // g
      return 0xfffffffe00000000
    case 112: // p
      return 0xfc00fffe00000000
    case 115: // s
      return 0x0000000100003e00
    case 122: // z
      return 1
    default:
      return 0
  }
}

/** Bytes 64…127 of the class with this letter. No class holds a byte above. */
function classHigh(letter: i32): i64 {
  switch (letter) {
    case 97: // a
    case 119: // w
      return 0x07fffffe07fffffe
    case 99: // c
      return 0x8000000000000000
    case 103: // g
      return 0x7fffffffffffffff
    case 108: // l
      return 0x07fffffe00000000
    case 112: // p
      return 0x78000001f8000001
    case 117: // u
      return 0x0000000007fffffe
    case 120: // x
      return 0x0000007e0000007e
    default:
      return 0
  }
}

/** Does % with this byte stand for a class? */
export function isClass(c: i32): bool {
  const letter = c | 32
  return (classLow(letter) | classHigh(letter)) != 0 && u32(letter - 97) < 26 && u32((c & ~32) - 65) < 26
}

/** Adds a class; a capital letter stands for all other bytes. */
export function addClass(set: usize, c: i32): void {
  const letter = c | 32
  const others: i64 = c == letter ? 0 : -1
  store<i64>(set, load<i64>(set) | (classLow(letter) ^ others))
  store<i64>(set, load<i64>(set, 8) | (classHigh(letter) ^ others), 8)
  store<i64>(set, load<i64>(set, 16) | others, 16)
  store<i64>(set, load<i64>(set, 24) | others, 24)
}
