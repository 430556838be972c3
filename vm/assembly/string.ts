// Strings: byte strings, interned up to LIMIT_SHORT_STRING bytes so that equal ones are the same object;
// longer ones are compared by content and hashed when they first serve as a key.
import {
  BLOCKHEADER_MARK,
  G_GC_WHITE,
  G_SEED,
  G_STRTAB,
  G_STRTAB_COUNT,
  G_STRTAB_MASK,
  G_STRTAB_SPLIT,
  KIND_LONGSTRING,
  KIND_STRING,
  LIMIT_SHORT_STRING,
  LONGSTRING_HASHED,
  MARK_GRAY,
  STRING_DATA,
  STRING_HASH,
  STRING_LENGTH,
  STRING_NEXT,
  T_LONGSTRING,
  T_STRING,
} from '../generated/layout'
import { owe } from './fuel'
import { copyBytes, free, hasRoom, kindOf, newObject, tryObject, tryRaw } from './memory'
import { high, low, tagged } from './value'

/** Buckets that are divided whenever a string is added. */
const SPLITS: i32 = 4

export function lengthOf(s: usize): i32 {
  return load<i32>(s, STRING_LENGTH)
}

/** Bytes of strings that are compared for nothing more than the instruction. */
export const FREE_BYTES: i32 = 256

export function bytesOf(s: usize): usize {
  return s + STRING_DATA
}

export function hashOf(s: usize): i32 {
  return load<i32>(s, STRING_HASH)
}

/** The word for a string object of either kind. */
export function stringWord(s: usize): i64 {
  return tagged(kindOf(s) == KIND_STRING ? T_STRING : T_LONGSTRING, s)
}

/** Hash of all bytes, eight at a time: multiply and fold (constants of wyhash). */
export function hashBytes(at: usize, length: i32): i32 {
  let h: i64 = i64(load<i32>(G_SEED)) ^ (i64(length) * 0x9e3779b97f4a7c15)
  let i: i32 = 0
  while (i + 8 <= length) {
    h = (h ^ load<i64>(at + i)) * 0xa0761d6478bd642f
    h ^= h >>> 32
    i += 8
  }
  let last: i64 = 0
  let shift: i64 = 0
  while (i < length) {
    last |= i64(load<u8>(at + i)) << shift
    shift += 8
    i++
  }
  h = (h ^ last) * 0xa0761d6478bd642f
  return i32(h ^ (h >>> 29) ^ (h >>> 47))
}

export function sameBytes(a: usize, b: usize, length: i32): bool {
  let i: i32 = 0
  while (i + 8 <= length) {
    if (load<i64>(a + i) != load<i64>(b + i)) return false
    i += 8
  }
  while (i < length) {
    if (load<u8>(a + i) != load<u8>(b + i)) return false
    i++
  }
  return true
}

/**
 * Address of the bucket for a hash in the table of interned strings. After it has grown its buckets are divided one after
 * the other: the upper half of two that have been one is empty until then (linear hashing; Litwin 1980).
 */
export function bucketOf(hash: i32): usize {
  const mask = load<i32>(G_STRTAB_MASK)
  const i = hash & mask
  const lower = i - ((mask + 1) >> 1)
  return usize(load<u32>(G_STRTAB)) + 8 + usize((lower >= load<i32>(G_STRTAB_SPLIT) ? lower : i) << 2)
}

/** Doubles the table of interned strings; without room it stays as it is, only slower. */
function growInternTable(): void {
  const count = load<i32>(G_STRTAB_MASK) + 1
  const raw = tryRaw(8 + (count << 3))
  if (!raw) return
  const old: usize = load<u32>(G_STRTAB)
  copyBytes(raw + 8, old + 8, count << 2)
  const upper = raw + 8 + usize(count << 2)
  for (let i: i32 = 0; i < count << 2; i += 8) store<i64>(upper + usize(i), 0)
  store<u32>(G_STRTAB, u32(raw))
  store<i32>(G_STRTAB_MASK, (count << 1) - 1)
  store<i32>(G_STRTAB_SPLIT, 0)
  free(old)
}

/** Divides the next bucket. */
function splitBucket(half: i32): void {
  const i = load<i32>(G_STRTAB_SPLIT)
  const lower = usize(load<u32>(G_STRTAB)) + 8 + usize(i << 2)
  const upper = lower + usize(half << 2)
  let s: usize = load<u32>(lower)
  store<u32>(lower, 0)
  while (s) {
    const next: usize = load<u32>(s, STRING_NEXT)
    const bucket = hashOf(s) & half ? upper : lower
    store<u32>(s, load<u32>(bucket), STRING_NEXT)
    store<u32>(bucket, u32(s))
    s = next
  }
  store<i32>(G_STRTAB_SPLIT, i + 1)
}

/** Before a string is added: the table grows if it is full, or some buckets are divided, so that all are before it is. */
function prepareTable(): void {
  const half = (load<i32>(G_STRTAB_MASK) + 1) >> 1
  for (let i: i32 = 0; i < SPLITS && load<i32>(G_STRTAB_SPLIT) < half; i++) splitBucket(half)
  if (load<i32>(G_STRTAB_COUNT) >= half << 1 && load<i32>(G_STRTAB_SPLIT) == half) growInternTable()
}

/** The interned string with these bytes (at most LIMIT_SHORT_STRING of them). */
export function intern(at: usize, length: i32): usize {
  const hash = hashBytes(at, length)
  let s: usize = load<u32>(bucketOf(hash))
  while (s) {
    if (hashOf(s) == hash && lengthOf(s) == length && sameBytes(bytesOf(s), at, length)) {
      // it may be dead and not yet swept: it lives again
      const mark: i32 = load<u8>(s, BLOCKHEADER_MARK)
      if (mark < MARK_GRAY) store<u8>(s, load<u8>(G_GC_WHITE), BLOCKHEADER_MARK)
      return s
    }
    s = load<u32>(s, STRING_NEXT)
  }
  prepareTable()
  s = newObject(STRING_DATA + length, KIND_STRING)
  store<i32>(s, length, STRING_LENGTH)
  store<i32>(s, hash, STRING_HASH)
  copyBytes(bytesOf(s), at, length)
  const bucket = bucketOf(hash)
  store<u32>(s, load<u32>(bucket), STRING_NEXT)
  store<u32>(bucket, u32(s))
  store<i32>(G_STRTAB_COUNT, load<i32>(G_STRTAB_COUNT) + 1)
  return s
}

/** Takes a dead interned string out of the table (its block is the sweeper's). */
export function forgetString(s: usize): void {
  let link = bucketOf(hashOf(s))
  let found: usize = load<u32>(link)
  while (found != s) {
    link = found + STRING_NEXT
    found = load<u32>(link)
  }
  store<u32>(link, load<u32>(s, STRING_NEXT))
  store<i32>(G_STRTAB_COUNT, load<i32>(G_STRTAB_COUNT) - 1)
}

/** A long string of few bytes, which the caller fills in, from the reserve if need be. */
export function sureString(length: i32): usize {
  const s = newObject(STRING_DATA + length, KIND_LONGSTRING)
  store<i32>(s, length, STRING_LENGTH)
  store<i32>(s, 0, LONGSTRING_HASHED)
  return s
}

/** A long string whose bytes the caller fills in; 0 if there is no room. */
export function tryLongString(length: i32): usize {
  const s = tryObject(STRING_DATA + length, KIND_LONGSTRING)
  if (!s) return 0
  store<i32>(s, length, STRING_LENGTH)
  store<i32>(s, 0, LONGSTRING_HASHED)
  return s
}

/** A string with these bytes, which lie outside the strings; 0 if there is no room. */
export function tryString(at: usize, length: i32): usize {
  if (length <= LIMIT_SHORT_STRING) return hasRoom() ? intern(at, length) : 0
  const s = tryLongString(length)
  if (s) copyBytes(bytesOf(s), at, length)
  return s
}

/** Hash of a string's content, kept in long strings too once it has been asked for. */
export function stringHash(s: usize): i32 {
  if (kindOf(s) == KIND_LONGSTRING && !load<i32>(s, LONGSTRING_HASHED)) {
    store<i32>(s, hashBytes(bytesOf(s), lengthOf(s)), STRING_HASH)
    store<i32>(s, 1, LONGSTRING_HASHED)
  }
  return hashOf(s)
}

/** Same content? Both are long strings. */
export function sameLongString(a: usize, b: usize): bool {
  if (a == b) return true
  const length = lengthOf(a)
  if (length != lengthOf(b)) return false
  if (length > FREE_BYTES) owe(length >> 5)
  return sameBytes(bytesOf(a), bytesOf(b), length)
}

/** Order of two strings by bytes: negative, zero or positive. */
export function compareStrings(a: usize, b: usize): i32 {
  const la = lengthOf(a)
  const lb = lengthOf(b)
  const shorter = la < lb ? la : lb
  let i: i32 = 0
  while (i + 8 <= shorter && load<i64>(bytesOf(a) + i) == load<i64>(bytesOf(b) + i)) i += 8
  if (i > FREE_BYTES) owe(i >> 5)
  while (i < shorter) {
    const d = i32(load<u8>(bytesOf(a) + i)) - i32(load<u8>(bytesOf(b) + i))
    if (d != 0) return d
    i++
  }
  return la - lb
}

/** The string object of a word that is a string. */
export function stringOf(v: i64): usize {
  return low(v)
}

export function isShortString(v: i64): bool {
  return high(v) == T_STRING
}
