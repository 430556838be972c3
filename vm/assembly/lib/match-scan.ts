// Searching bytes eight at a time: xor with the byte sought, repeated, makes it a zero byte, and
// `(x - 0x01…) & ~x & 0x80…` has its lowest bit set in the first zero byte of x.

const ONES: i64 = 0x0101010101010101
const HIGHS: i64 = 0x8080808080808080

/** The first place in [s, end) that holds the byte; 0 if none does. */
export function findByte(s: usize, end: usize, byte: i32): usize {
  const wanted: i64 = i64(byte) * ONES
  while (s + 8 <= end) {
    const x = load<i64>(s) ^ wanted
    const zero = (x - ONES) & ~x & HIGHS
    if (zero) return s + (usize(ctz(zero)) >> 3)
    s += 8
  }
  while (s < end) {
    if (load<u8>(s) == byte) return s
    s++
  }
  return 0
}

/** The first place in [s, end) that holds two bytes in turn; 0 if none does. */
export function findPair(s: usize, end: usize, first: i32, second: i32): usize {
  const one: i64 = i64(first) * ONES
  const two: i64 = i64(second) * ONES
  while (s + 9 <= end) {
    const x = (load<i64>(s) ^ one) | (load<i64>(s, 1) ^ two)
    const zero = (x - ONES) & ~x & HIGHS
    if (zero) return s + (usize(ctz(zero)) >> 3)
    s += 8
  }
  while (s + 1 < end) {
    if (load<u8>(s) == first && load<u8>(s, 1) == second) return s
    s++
  }
  return 0
}

/** How many bytes from the start on are equal, up to n. */
export function equalBytes(a: usize, b: usize, n: i32): i32 {
  let i: i32 = 0
  while (i + 8 <= n) {
    const x = load<i64>(a + i) ^ load<i64>(b + i)
    if (x) return i + i32(ctz(x) >> 3)
    i += 8
  }
  while (i < n && load<u8>(a + i) == load<u8>(b + i)) i++
  return i
}
