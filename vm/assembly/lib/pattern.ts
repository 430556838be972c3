// string.find, match, gmatch and gsub. The patterns are compiled (pattern-compile.ts), kept
// (pattern-cache.ts) and run (match.ts); here are the library functions around that.

import { BUILTIN_PATTERN_GMATCHNEXT } from '../../generated/builtins'
import {
  G_MATCH_S,
  G_MATCH_SRC,
  G_SELF,
  KIND_NATIVE,
  LIMIT_CAPTURES,
  NATIVE_BYTES,
  NATIVE_COUNT,
  NATIVE_ID,
  NATIVE_VALUES,
  T_NATIVE,
  V_NIL,
} from '../../generated/layout'
import { CONTROL, checkOptionalInteger, one, optionalInteger, result, stringArgument } from '../arguments'
import { startPosition } from '../checked'
import { makeRoom } from '../frames'
import { newObject } from '../memory'
import { bytesOf, lengthOf, stringWord } from '../string'
import { isTrue, low, tagged } from '../value'
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
} from './match-drive'
import { choosePlain, isLiteral, searchPlain, UNDECIDED } from './pattern-plain'
import { VARIANT_ANCHORED, VARIANT_GMATCH } from './pattern-program'

export { patternGsub } from './gsub'
export { patternGsubnext, patternGsubstart } from './gsub-call'

export function patternFind(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  const p = s ? stringArgument(args, count, 1) : 0
  if (!p || !checkOptionalInteger(args, count, 2)) return CONTROL
  if (!isResumed(args, s)) {
    const init = startPosition(optionalInteger(args, count, 2, 1), lengthOf(s))
    if (init > lengthOf(s) + 1) return one(args, V_NIL)
    const from = bytesOf(s) + usize(init) - 1
    if ((count > 3 && isTrue(load<i64>(args, 24))) || isLiteral(bytesOf(p), lengthOf(p))) {
      const at = searchPlain(s, from, p)
      if (at != UNDECIDED) return givePlain(args, s, p, at)
      choosePlain(p)
    } else {
      const problem = choosePattern(p, VARIANT_ANCHORED)
      if (problem) return raiseProblem(problem)
    }
    chooseSubject(s)
    beginMatch(from)
  }
  const found = driveMatch(args, 0)
  if (found <= 0) return found == 0 ? one(args, V_NIL) : raiseProblem(found)
  const values = captureCount() > 0 ? makeValues(LIMIT_CAPTURES) : 0
  return values < 0 ? raiseProblem(values) : giveValues(args, values, 2)
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
    if (init > lengthOf(s) + 1) return one(args, V_NIL)
    const problem = choosePattern(p, VARIANT_ANCHORED)
    if (problem) return raiseProblem(problem)
    chooseSubject(s)
    beginMatch(bytesOf(s) + usize(init) - 1)
  }
  const found = driveMatch(args, 0)
  if (found <= 0) return found == 0 ? one(args, V_NIL) : raiseProblem(found)
  const values = makeValues(LIMIT_CAPTURES)
  return values < 0 ? raiseProblem(values) : giveValues(args, values, 0)
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
  const init = startPosition(optionalInteger(args, count, 2, 1), lengthOf(s)) - 1
  const native = newObject(NATIVE_BYTES, KIND_NATIVE)
  store<u16>(native, 4, NATIVE_COUNT)
  store<i32>(native, BUILTIN_PATTERN_GMATCHNEXT, NATIVE_ID)
  store<i64>(native, stringWord(s), G_SUBJECT)
  store<i64>(native, stringWord(p), G_PATTERN)
  store<i64>(native, i64(init), G_OFFSET)
  store<i64>(native, -1, G_LAST)
  return one(args, tagged(T_NATIVE, native))
}

export function patternGmatchnext(args: usize, count: i32): i32 {
  const self: usize = load<u32>(G_SELF)
  const s = low(load<i64>(self, G_SUBJECT))
  if (!isResumed(args, s)) {
    const problem = choosePattern(low(load<i64>(self, G_PATTERN)), VARIANT_GMATCH)
    if (problem) return raiseProblem(problem)
    chooseSubject(s)
    if (load<i64>(self, G_OFFSET) > i64(lengthOf(s))) return 0
    beginMatch(bytesOf(s) + usize(load<i64>(self, G_OFFSET)))
  }
  const last = i32(load<i64>(self, G_LAST))
  const found = driveMatch(args, last < 0 ? 0 : bytesOf(s) + usize(last))
  if (found <= 0) return raiseProblem(found)
  const values = makeValues(LIMIT_CAPTURES)
  if (values < 0) return raiseProblem(values)
  if (!makeRoom(args, values)) return CONTROL // now: from here on the call can't be executed again
  const end = i64(load<u32>(G_MATCH_S) - load<u32>(G_MATCH_SRC))
  store<i64>(self, end, G_OFFSET)
  store<i64>(self, end, G_LAST)
  return giveValues(args, values, 0)
}
