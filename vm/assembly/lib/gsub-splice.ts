// %splice, the last step of gsub by a function: the subject with pieces of it replaced.
import { AGAIN, argument, charge, CONTROL, integerArgument, NO_ROOM, one, stringArgument } from '../arguments'
import { appendBytes, bufferToString, resetBuffer } from '../buffer'
import { bytesOf, lengthOf, stringWord } from '../string'
import { get } from '../table'
import { objectAt } from '../value'
import { appendValue } from './gsub'
import { spend } from './match-drive'

/** (subject, {first, last, value, …}, number of these): vm/lua/string.lua has checked all of them. */
export function patternSplice(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  if (!s) return CONTROL
  const pieces = objectAt(argument(args, 1))
  const n = integerArgument(args, 2)
  if (!charge(n)) return AGAIN
  resetBuffer()
  let copied: i64 = 0
  for (let i: i64 = 1; i <= n; i += 3) {
    const first = get(pieces, i) - 1
    if (!appendBytes(bytesOf(s) + usize(copied), i32(first - copied)) || appendValue(get(pieces, i + 2)) != 0) return NO_ROOM
    copied = get(pieces, i + 1)
  }
  spend(lengthOf(s))
  if (!appendBytes(bytesOf(s) + usize(copied), lengthOf(s) - i32(copied))) return NO_ROOM
  const text = bufferToString()
  return text ? one(args, stringWord(text)) : NO_ROOM
}
