// The program for a plain search: built in place for each search, as it takes only three instructions.
import { bytesOf, lengthOf } from '../string'
import { P_MATCH, P_SCAN_BYTE, P_SCAN_PAIR, P_START, P_TEXT_AT, W_CAPTURES, W_CODE, W_PLAIN } from './pattern-program'

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
