// Setting up matches, driving the matcher to a result, and turning captures into values.
import {
  G_MATCH_ACTIVE,
  G_MATCH_P,
  G_MATCH_S,
  G_MATCH_SRC,
  G_MATCH_SRC_END,
  G_MATCH_STACK_SIZE,
  G_MATCH_START,
  LIMIT_SHORT_STRING,
  MEM_CAPTURES,
  MSG_PATTERN_COMPLEX,
  MSG_PATTERN_UNFINISHED,
  V_NIL,
} from '../../generated/layout'
import { AGAIN, CONTROL, NO_ROOM, result } from '../arguments'
import { dropBuffer } from '../buffer'
import { makeRoom } from '../frames'
import { pay } from '../fuel'
import { raiseMessage } from '../raise'
import { bytesOf, lengthOf, stringWord, tryString } from '../string'
import { MALFORMED, NEEDS_ROOM, OUT_OF_FUEL, runMatch } from './match'
import { clearChoices, dropChoices, growChoices } from './match-choice'
import { dropPrograms, isHopeless, programOf } from './pattern-cache'
import {
  CAPTURE_OPEN,
  CAPTURE_POSITION,
  codeOf,
  PROGRAM_CAPTURES,
  W_CAPTURES,
  W_CODE,
  W_FIRST,
} from './pattern-program'

/** Problems that the library function raises, by raiseProblem; further down it would be too deep. */
export const TOO_COMPLEX: i32 = -11
export const FAULTY: i32 = -12 // the pattern, at G_MATCH_P
export const UNFINISHED: i32 = -13 // a capture

/** Results for which a library function always has room. */
const ROOM: i32 = 24
/** A stack of choices larger than this is not kept after the match. */
const LARGEST_KEPT: i32 = 1024

/** Is this call, with this subject, the one whose match has been interrupted? */
export function isResumed(args: usize, subject: usize): bool {
  return load<u32>(G_MATCH_ACTIVE) == u32(args) && load<u32>(G_MATCH_SRC) == u32(bytesOf(subject))
}

/** Takes a pattern's program for the match to come; 0, or NO_ROOM or TOO_COMPLEX. */
export function choosePattern(pattern: usize, variant: i32): i32 {
  const program = programOf(pattern, variant)
  if (!program) return isHopeless(pattern) ? TOO_COMPLEX : NO_ROOM
  store<u32>(W_CODE, u32(codeOf(program)))
  store<i32>(W_CAPTURES, load<i32>(program, PROGRAM_CAPTURES))
  return 0
}

/** Sets the subject of the match to come. */
export function chooseSubject(subject: usize): void {
  store<u32>(G_MATCH_SRC, u32(bytesOf(subject)))
  store<u32>(G_MATCH_SRC_END, u32(bytesOf(subject)) + u32(lengthOf(subject)))
}

/** Begins a search at a place in the subject. */
export function beginMatch(from: usize): void {
  store<u32>(W_FIRST, u32(from))
  store<u32>(G_MATCH_S, u32(from))
  store<u32>(G_MATCH_P, load<u32>(W_CODE))
  clearChoices()
}

/**
 * Runs the match to its end, passing over an empty match at `previous` (where the previous one ended; 0:
 * none): 1 found (G_MATCH_START to G_MATCH_S), 0 not, or NO_ROOM, AGAIN, TOO_COMPLEX, FAULTY.
 */
export function driveMatch(args: usize, previous: usize): i32 {
  while (true) {
    const r = runMatch()
    if (r == OUT_OF_FUEL) {
      store<u32>(G_MATCH_ACTIVE, u32(args))
      return AGAIN
    }
    if (r == NEEDS_ROOM) {
      const grown = growChoices()
      if (grown > 0) continue
      endMatch()
      return grown < 0 ? TOO_COMPLEX : NO_ROOM
    }
    if (r == 1 && usize(load<u32>(G_MATCH_S)) == previous) {
      const from: usize = usize(load<u32>(G_MATCH_START)) + 1
      if (from <= usize(load<u32>(G_MATCH_SRC_END))) {
        beginMatch(from)
        continue
      }
      endMatch()
      return 0
    }
    endMatch()
    return r == MALFORMED ? FAULTY : r
  }
}

function endMatch(): void {
  store<u32>(G_MATCH_ACTIVE, 0)
  if (load<i32>(G_MATCH_STACK_SIZE) > LARGEST_KEPT) dropChoices()
}

/** What a library function returns when one of the functions here has not succeeded: raises if need be. */
export function raiseProblem(problem: i32): i32 {
  if (problem == TOO_COMPLEX) return raiseMessage(MSG_PATTERN_COMPLEX, V_NIL, V_NIL)
  if (problem == UNFINISHED) return raiseMessage(MSG_PATTERN_UNFINISHED, V_NIL, V_NIL)
  if (problem != FAULTY) return problem
  const pc: usize = load<u32>(G_MATCH_P)
  return raiseMessage(load<i32>(pc, 4), i64(load<u8>(pc, 1)), V_NIL)
}

/** Number of captures of the pattern. */
export function captureCount(): i32 {
  return load<i32>(W_CAPTURES)
}

export function captureAt(number: i32): usize {
  return usize(MEM_CAPTURES) + (usize(number) << 3)
}

/** Pays for copying bytes; the next instruction notices when that was too much. */
export function spend(bytes: i32): void {
  pay(bytes >> 4)
}

/** Piece of the subject as a value; 0 without room. */
function pieceWord(from: usize, length: i32): i64 {
  const subject: usize = load<u32>(G_MATCH_SRC)
  if (length > LIMIT_SHORT_STRING) {
    if (from == subject && length == i32(load<u32>(G_MATCH_SRC_END) - u32(subject)))
      return stringWord(subject - bytesOf(0))
    spend(length)
  }
  const s = tryString(from, length)
  return s ? stringWord(s) : 0
}

/**
 * Makes values of the captures, `most` at most, or of the whole match if there are none: their number,
 * NO_ROOM or UNFINISHED.
 */
export function makeValues(most: i32): i32 {
  let count = captureCount()
  if (count == 0) {
    const start: usize = load<u32>(G_MATCH_START)
    store<u32>(captureAt(0), u32(start))
    store<i32>(captureAt(0), i32(load<u32>(G_MATCH_S) - u32(start)), 4)
    count = 1
  }
  if (count > most) count = most
  for (let i = 0; i < count; i++) {
    const at = captureAt(i)
    const length = load<i32>(at, 4)
    const from: usize = load<u32>(at)
    if (length == CAPTURE_OPEN) return UNFINISHED
    const word = length == CAPTURE_POSITION ? i64(from - load<u32>(G_MATCH_SRC)) + 1 : pieceWord(from, length)
    if (!word) return NO_ROOM
    store<i64>(at, word)
  }
  return count
}

/** Returns the values that have been made, after the bounds of the match if `before` is not 0. */
export function giveValues(args: usize, values: i32, before: i32): i32 {
  if (before + values > ROOM && !makeRoom(args, before + values)) return CONTROL
  if (before) {
    const origin = load<u32>(G_MATCH_SRC)
    result(args, 0, i64(load<u32>(G_MATCH_START) - origin) + 1)
    result(args, 1, i64(load<u32>(G_MATCH_S) - origin))
  }
  for (let i = 0; i < values; i++) result(args, before + i, load<i64>(captureAt(i)))
  return before + values
}

/** Gives back the memory that patterns and buffers keep between calls, unless a match is interrupted. */
export function dropCaches(): void {
  if (load<u32>(G_MATCH_ACTIVE)) return
  dropPrograms()
  dropChoices()
  dropBuffer()
}
