// string.gsub by a function, or by a table with a metatable: the loop that calls them is in Lua
// (vm/lua/string.lua), and this is what it drives, a function object that takes what the last match is
// replaced by and looks for the next one. Its values:
//
//     subject · pattern · result so far: a long string with room to grow · last match
//
// where the last match is two offsets, where it begins in the low half and where it ends in the high one.
// The result holds the subject up to the beginning of that match. A call changes nothing before it is
// certain to succeed, as it may be executed again.
import { BUILTIN_PATTERN_GSUBNEXT } from '../../generated/builtins'
import {
  G_MATCH_S,
  G_MATCH_SRC,
  G_MATCH_START,
  G_SELF,
  KIND_NATIVE,
  LIMIT_CAPTURES,
  LIMIT_SHORT_STRING,
  MSG_REPLACE_VALUE,
  NATIVE_BYTES,
  NATIVE_COUNT,
  NATIVE_ID,
  NATIVE_VALUES,
  STRING_DATA,
  STRING_LENGTH,
  T_NATIVE,
  V_NIL,
} from '../../generated/layout'
import { CONTROL, NO_ROOM, one, result, stringArgument } from '../arguments'
import { cutString } from '../buffer'
import { makeRoom } from '../frames'
import { copyBytes, free, newObject, sizeOf } from '../memory'
import { typeNameOf } from '../metatable'
import { writeInteger } from '../number'
import { raiseMessage } from '../raise'
import { bytesOf, intern, lengthOf, stringWord, tryLongString } from '../string'
import { touch } from '../table'
import { boolean, high, integerOf, isIntegerTag, isStringTag, isTrue, low, tagged } from '../value'
import {
  beginMatch,
  captureCount,
  choosePattern,
  chooseSubject,
  driveMatch,
  giveValues,
  isResumed,
  makeValues,
  raiseProblem,
  spend,
} from './match-drive'
import { P_ANCHOR, VARIANT_ANCHORED, W_CODE } from './pattern-program'

const SUBJECT: i32 = NATIVE_VALUES
const PATTERN: i32 = NATIVE_VALUES + 8
const RESULT: i32 = NATIVE_VALUES + 16
const FIRST: i32 = NATIVE_VALUES + 24
const LAST: i32 = NATIVE_VALUES + 28
/** In the place of FIRST: there has been no match yet. */
const NONE: i32 = 0x7fffffff
/** In LAST, beside the offset: a match has been replaced. */
const CHANGED: i32 = 0x40000000
/** Bytes of the longest integer. */
const LONGEST_INTEGER: i32 = 20

/** (subject, pattern): the function object, and how many values a match gives. */
export function patternGsubstart(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  const p = s ? stringArgument(args, count, 1) : 0
  if (!p) return CONTROL
  const problem = choosePattern(p, VARIANT_ANCHORED)
  if (problem) return raiseProblem(problem)
  const text = tryLongString(lengthOf(s) + LONGEST_INTEGER)
  if (!text) return NO_ROOM
  store<i32>(text, 0, STRING_LENGTH)
  const self = newObject(NATIVE_BYTES, KIND_NATIVE)
  store<u16>(self, 4, NATIVE_COUNT)
  store<i32>(self, BUILTIN_PATTERN_GSUBNEXT, NATIVE_ID)
  store<i64>(self, stringWord(s), SUBJECT)
  store<i64>(self, stringWord(p), PATTERN)
  store<i64>(self, stringWord(text), RESULT)
  store<i32>(self, NONE, FIRST)
  store<i32>(self, 0, LAST)
  const values = captureCount()
  one(args, tagged(T_NATIVE, self))
  result(args, 1, values > 0 ? i64(values) : 1)
  return 2
}

/**
 * (value[, over]): replaces the last match, if there was one, by the value, and gives true and the
 * captures of the next one, or nothing; at the end, with `over`, the whole result.
 */
export function patternGsubnext(args: usize, count: i32): i32 {
  const self: usize = load<u32>(G_SELF)
  const s = low(load<i64>(self, SUBJECT))
  const value = count > 0 ? load<i64>(args) : V_NIL
  if (isTrue(value) && !isStringTag(high(value)) && !isIntegerTag(high(value)))
    return raiseMessage(MSG_REPLACE_VALUE, stringWord(typeNameOf(high(value))), V_NIL)
  if (count > 1) return finish(args, self, value)
  const last = lastOf(self)
  if (!isResumed(args, s)) {
    const problem = choosePattern(low(load<i64>(self, PATTERN)), VARIANT_ANCHORED)
    if (problem) return raiseProblem(problem)
    if (load<u8>(load<u32>(W_CODE)) == P_ANCHOR && load<i32>(self, FIRST) != NONE) return 0
    chooseSubject(s)
    beginMatch(bytesOf(s) + usize(last))
  }
  const found = driveMatch(args, load<i32>(self, FIRST) == NONE ? 0 : bytesOf(s) + usize(last))
  if (found <= 0) return raiseProblem(found)
  const values = makeValues(LIMIT_CAPTURES)
  if (values < 0) return raiseProblem(values)
  if (!makeRoom(args, values + 1)) return CONTROL // now: from here on the call can't be executed again
  const first = load<i32>(G_MATCH_START) - load<i32>(G_MATCH_SRC)
  const text = replaceLast(self, value, first - last)
  if (!text) return NO_ROOM
  put(text, bytesOf(s) + usize(last), first - last)
  store<i32>(self, first, FIRST)
  const changed = load<i32>(self, LAST) & CHANGED
  store<i32>(self, (load<i32>(G_MATCH_S) - load<i32>(G_MATCH_SRC)) | changed, LAST)
  const results = giveValues(args, values, 1)
  if (results > 0) result(args, 0, boolean(true))
  return results
}

/** Where the last match ended. */
function lastOf(self: usize): i32 {
  return load<i32>(self, LAST) & ~CHANGED
}

/** Appends bytes, for which there is room, to the result. */
function put(text: usize, from: usize, length: i32): void {
  copyBytes(bytesOf(text) + usize(lengthOf(text)), from, length)
  store<i32>(text, lengthOf(text) + length, STRING_LENGTH)
}

/** Appends what the last match is replaced by; the result, with room for `more` bytes, or 0 without. */
function replaceLast(self: usize, value: i64, more: i32): usize {
  const first = load<i32>(self, FIRST)
  if (first != NONE && isTrue(value)) store<i32>(self, load<i32>(self, LAST) | CHANGED, LAST)
  if (isIntegerTag(high(value))) {
    const text = roomFor(self, LONGEST_INTEGER + more)
    if (!text || first == NONE) return text
    const digits = writeInteger(bytesOf(text) + usize(lengthOf(text)), integerOf(value))
    store<i32>(text, lengthOf(text) + digits, STRING_LENGTH)
    return text
  }
  let from = bytesOf(low(load<i64>(self, SUBJECT))) + usize(first)
  let length = lastOf(self) - first
  if (isTrue(value)) {
    from = bytesOf(low(value))
    length = lengthOf(low(value))
  }
  if (first == NONE) length = 0
  const text = roomFor(self, length + more)
  if (!text) return 0
  put(text, from, length)
  spend(length + more)
  return text
}

/** The result, moved if need be, with room for so many more bytes; 0 without. */
function roomFor(self: usize, more: i32): usize {
  const old = low(load<i64>(self, RESULT))
  const used = lengthOf(old)
  const room = sizeOf(old) - STRING_DATA - used
  if (more <= room) return old
  let text = tryLongString((used << 1) + more)
  if (!text) text = tryLongString(used + more)
  if (!text) return 0
  store<i32>(text, used, STRING_LENGTH)
  copyBytes(bytesOf(text), bytesOf(old), used)
  store<i64>(self, stringWord(text), RESULT)
  touch(self)
  free(old)
  return text
}

/** The last replacement, the rest of the subject, and the result becomes a string of its own. */
function finish(args: usize, self: usize, value: i64): i32 {
  const s = low(load<i64>(self, SUBJECT))
  if (load<i32>(self, FIRST) == NONE) return one(args, stringWord(s))
  const last = lastOf(self)
  const text = replaceLast(self, value, lengthOf(s) - last)
  if (!text) return NO_ROOM
  if ((load<i32>(self, LAST) & CHANGED) == 0) return one(args, stringWord(s))
  put(text, bytesOf(s) + usize(last), lengthOf(s) - last)
  if (lengthOf(text) <= LIMIT_SHORT_STRING)
    return one(args, stringWord(intern(bytesOf(text), lengthOf(text))))
  store<i64>(self, V_NIL, RESULT)
  cutString(text)
  return one(args, stringWord(text))
}
