// string.find, match, gmatch and gsub. The patterns are compiled (pattern-compile.ts), kept
// (pattern-cache.ts) and run (match.ts); here are the library functions around that.
import {
  G_MATCH_S,
  G_MATCH_SRC,
  G_MATCH_SRC_END,
  G_MATCH_START,
  G_SELF,
  KIND_NATIVE,
  NATIVE_BYTES,
  NATIVE_COUNT,
  NATIVE_ID,
  NATIVE_VALUES,
  T_NATIVE,
  V_NIL,
} from '../../generated/layout'
import { BUILTIN_PATTERN_GMATCHNEXT } from '../../generated/builtins'
import {
  checkInteger,
  checkOptionalInteger,
  CONTROL,
  currentArguments,
  integerArgument,
  NO_ROOM,
  one,
  optionalInteger,
  result,
  stringArgument,
} from '../arguments'
import { ensureStack } from '../frames'
import { newObject } from '../memory'
import { bytesOf, lengthOf, stringWord } from '../string'
import { isTrue, low, tagged } from '../value'
import {
  beginMatch,
  captureAt,
  captureCount,
  choosePattern,
  chooseSubject,
  driveMatch,
  isResumed,
  makeCaptures,
  makeValues,
} from './match-drive'
import { choosePlain, isLiteral, searchPlain, UNDECIDED } from './pattern-plain'
import { VARIANT_ANCHORED, VARIANT_GMATCH } from './pattern-program'
import { startPosition } from './string'

/** Results for which a library function always has room. */
const ROOM: i32 = 24

export { patternGsub } from './gsub'
export { patternSplice } from './gsub-splice'

export function patternFind(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  const p = s ? stringArgument(args, count, 1) : 0
  if (!p || !checkOptionalInteger(args, count, 2)) return CONTROL
  if (!isResumed(args, s)) {
    const init = startPosition(optionalInteger(args, count, 2, 1), lengthOf(s))
    if (init > i64(lengthOf(s)) + 1) return one(args, V_NIL)
    const from = bytesOf(s) + usize(init) - 1
    if ((count > 3 && isTrue(load<i64>(args, 24))) || isLiteral(bytesOf(p), lengthOf(p))) {
      const at = searchPlain(s, from, p)
      if (at != UNDECIDED) return givePlain(args, s, p, at)
      choosePlain(p)
    } else {
      const problem = choosePattern(p, VARIANT_ANCHORED)
      if (problem) return problem
    }
    chooseSubject(s)
    beginMatch(from)
  }
  const found = driveMatch(args)
  if (found <= 0) return found == 0 ? one(args, V_NIL) : found
  const problem = makeCaptures(captureCount())
  return problem ? problem : giveValues(args, captureCount(), 2)
}

/** The bounds of a plain string found at `at`, or nil. */
function givePlain(args: usize, s: usize, p: usize, at: usize): i32 {
  if (!at) return one(args, V_NIL)
  const before = i64(at - bytesOf(s))
  result(args, 0, before + 1)
  result(args, 1, before + i64(lengthOf(p)))
  return 2
}

export function patternMatch(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  const p = s ? stringArgument(args, count, 1) : 0
  if (!p || !checkOptionalInteger(args, count, 2)) return CONTROL
  if (!isResumed(args, s)) {
    const init = startPosition(optionalInteger(args, count, 2, 1), lengthOf(s))
    if (init > i64(lengthOf(s)) + 1) return one(args, V_NIL)
    const problem = choosePattern(p, VARIANT_ANCHORED)
    if (problem) return problem
    chooseSubject(s)
    beginMatch(bytesOf(s) + usize(init) - 1)
  }
  const found = driveMatch(args)
  if (found <= 0) return found == 0 ? one(args, V_NIL) : found
  const values = makeValues()
  return values < 0 ? values : giveValues(args, values, 0)
}

/** Returns the values that have been made, after the bounds of the match if `before` is not 0. */
function giveValues(args: usize, values: i32, before: i32): i32 {
  let to = args
  if (before + values > ROOM) {
    if (!ensureStack(args, before + values)) return CONTROL
    to = currentArguments()
  }
  if (before) {
    const origin = load<u32>(G_MATCH_SRC)
    result(to, 0, i64(load<u32>(G_MATCH_START) - origin) + 1)
    result(to, 1, i64(load<u32>(G_MATCH_S) - origin))
  }
  for (let i = 0; i < values; i++) result(to, before + i, load<i64>(captureAt(i)))
  return before + values
}

/** Values of the function that gmatch returns: subject, pattern, offset to go on at, end of the last match. */
const G_SUBJECT: i32 = NATIVE_VALUES
const G_PATTERN: i32 = NATIVE_VALUES + 8
const G_OFFSET: i32 = NATIVE_VALUES + 16
const G_LAST: i32 = NATIVE_VALUES + 24

export function patternGmatch(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  const p = s ? stringArgument(args, count, 1) : 0
  if (!p || !checkOptionalInteger(args, count, 2)) return CONTROL
  const length = i64(lengthOf(s))
  const init = startPosition(optionalInteger(args, count, 2, 1), lengthOf(s)) - 1
  const native = newObject(NATIVE_BYTES, KIND_NATIVE)
  store<u16>(native, 4, NATIVE_COUNT)
  store<i32>(native, BUILTIN_PATTERN_GMATCHNEXT, NATIVE_ID)
  store<i64>(native, stringWord(s), G_SUBJECT)
  store<i64>(native, stringWord(p), G_PATTERN)
  store<i64>(native, init > length ? length + 1 : init, G_OFFSET)
  store<i64>(native, -1, G_LAST)
  return one(args, tagged(T_NATIVE, native))
}

export function patternGmatchnext(args: usize, count: i32): i32 {
  const self: usize = load<u32>(G_SELF)
  const s = low(load<i64>(self, G_SUBJECT))
  if (!isResumed(args, s)) {
    const problem = choosePattern(low(load<i64>(self, G_PATTERN)), VARIANT_GMATCH)
    if (problem) return problem
    chooseSubject(s)
    if (load<i64>(self, G_OFFSET) > i64(lengthOf(s))) return 0
    beginMatch(bytesOf(s) + usize(load<i64>(self, G_OFFSET)))
  }
  const found = driveNext(args, i32(load<i64>(self, G_LAST)))
  if (found <= 0) return found
  const values = makeValues()
  if (values < 0) return values
  const end = i64(load<u32>(G_MATCH_S) - load<u32>(G_MATCH_SRC))
  store<i64>(self, end, G_OFFSET)
  store<i64>(self, end, G_LAST)
  return giveValues(args, values, 0)
}

/** As driveMatch, but passes over an empty match where the previous one ended (an offset; -1: none). */
function driveNext(args: usize, previous: i32): i32 {
  while (true) {
    const found = driveMatch(args)
    if (found != 1 || load<i32>(G_MATCH_S) - load<i32>(G_MATCH_SRC) != previous) return found
    const from: usize = usize(load<u32>(G_MATCH_START)) + 1
    if (from > usize(load<u32>(G_MATCH_SRC_END))) return 0
    beginMatch(from)
  }
}

/**
 * For gsub in Lua: (subject, pattern, first place to look at, end of the previous match or -1) gives the
 * first and last place of the next match, the number of its captures and these, or nil.
 */
export function patternNextmatch(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  const p = s ? stringArgument(args, count, 1) : 0
  if (!p || !checkInteger(args, count, 2) || !checkInteger(args, count, 3)) return CONTROL
  if (!isResumed(args, s)) {
    const problem = choosePattern(p, VARIANT_ANCHORED)
    if (problem) return problem
    chooseSubject(s)
    beginMatch(bytesOf(s) + usize(integerArgument(args, 2)) - 1)
  }
  const found = driveNext(args, i32(integerArgument(args, 3)))
  if (found <= 0) return found == 0 ? one(args, V_NIL) : found
  const values = makeValues()
  if (values < 0) return values
  const results = giveValues(args, values, 3)
  if (results > 0) result(currentArguments(), 2, i64(values))
  return results
}
