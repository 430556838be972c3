// Plain searches. A short one is done at once; a long one by the matcher, which can be interrupted, with a
// program that is built in place, as it takes only three instructions.
import { bytesOf, lengthOf } from '../string'
import { spend } from './match-drive'
import { equalBytes, findByte, findPair } from './match-scan'
import {
  P_MATCH,
  P_SCAN_BYTE,
  P_SCAN_PAIR,
  P_START,
  P_TEXT_AT,
  W_CAPTURES,
  W_CODE,
  W_PLAIN,
} from './pattern-program'

/** Takes a string, to be found as it is, for the match to come. */
export function choosePlain(text: usize): void {
  const length = lengthOf(text)
  const bytes = bytesOf(text)
  let scan = P_START
  if (length == 1) scan = P_SCAN_BYTE | (i32(load<u8>(bytes)) << 8)
  if (length > 1) scan = P_SCAN_PAIR | (i32(load<u16>(bytes)) << 8)
  store<i32>(W_PLAIN, scan)
  store<i32>(W_PLAIN, P_TEXT_AT, 8)
  store<i32>(W_PLAIN, length, 12)
  store<u32>(W_PLAIN, u32(bytes), 16)
  store<i32>(W_PLAIN, P_MATCH, 24)
  store<u32>(W_CODE, u32(W_PLAIN))
  store<i32>(W_CAPTURES, 0)
}

/** Places that searchPlain looks at before it gives up. */
const TRIES: i32 = 32
/** searchPlain has not come to an end. */
export const UNDECIDED: usize = 1

/** Does string.find take the pattern as it is: none of `^$*+?.([%-` in it? */
export function isLiteral(text: usize, length: i32): bool {
  for (let i: i32 = 0; i < length; i++) {
    const c: i32 = load<u8>(text + usize(i))
    // $ % ( * + - . ? and [ ^
    if ((u32(c - 36) < 28 && ((0x080006d3 >>> (c - 36)) & 1) != 0) || c == 91 || c == 94) return false
  }
  return true
}

/** Where the text is found at or after a place; 0 if it is not there, UNDECIDED after many attempts. */
export function searchPlain(s: usize, from: usize, text: usize): usize {
  const length = lengthOf(text)
  const bytes = bytesOf(text)
  const end = bytesOf(s) + usize(lengthOf(s))
  spend(lengthOf(s))
  if (length < 2) return length == 0 ? from : findByte(from, end, load<u8>(bytes))
  for (let i: i32 = 0; i < TRIES; i++) {
    from = findPair(from, end, load<u8>(bytes), load<u8>(bytes, 1))
    if (!from || i32(end - from) < length) return 0
    if (equalBytes(from, bytes, length) == length) return from
    from++
  }
  return UNDECIDED
}
