// string.gsub with a string to replace by, or a table without metatable. The result grows in the buffer; its state between two matches
// is kept in W_*, so that a call that runs out of fuel goes on where it stopped. For functions and other
// tables there is a version in Lua (vm/lua/string.lua), whose callbacks may yield and raise.

import { BUILTIN_PATTERN_GSUB } from '../../generated/builtins'
import {
  G_BUFFER_LENGTH,
  G_MATCH_S,
  G_MATCH_SRC,
  G_MATCH_SRC_END,
  G_MATCH_START,
  KIND_TABLE,
  MSG_PATTERN_INDEX,
  MSG_PATTERN_UNFINISHED,
  MSG_REPLACE_PERCENT,
  MSG_REPLACE_TYPE,
  MSG_REPLACE_VALUE,
  T_TABLE,
  TABLE_META,
  V_NIL,
} from '../../generated/layout'
import {
  argument,
  CONTROL,
  checkOptionalInteger,
  integerArgument,
  isNone,
  NO_ROOM,
  one,
  result,
  stringArgument,
} from '../arguments'
import {
  appendByte,
  appendBytes,
  bufferBytes,
  bufferLength,
  bufferToString,
  reserveBuffer,
  resetBuffer,
} from '../buffer'
import { callInstead, slowVersion } from '../frames'
import { kindOf } from '../memory'
import { typeNameOf } from '../metatable'
import { writeInteger } from '../number'
import { raiseArgumentType, raiseMessage } from '../raise'
import { bytesOf, lengthOf, stringWord } from '../string'
import { get } from '../table'
import {
  high,
  integerOf,
  isFunctionTag,
  isIntegerTag,
  isStringTag,
  isTrue,
  low,
  objectAt,
  tagAt,
} from '../value'
import {
  beginMatch,
  captureAt,
  captureCount,
  choosePattern,
  chooseSubject,
  driveMatch,
  isResumed,
  makeValues,
  raiseProblem,
  spend,
} from './match-drive'
import { findByte } from './match-scan'
import {
  CAPTURE_OPEN,
  CAPTURE_POSITION,
  P_ANCHOR,
  VARIANT_ANCHORED,
  W_CHANGED,
  W_CODE,
  W_COPIED,
  W_COUNT,
  W_DONE,
  W_PREVIOUS,
} from './pattern-program'

const PERCENT: i32 = 37
const ZERO: i32 = 48

export function patternGsub(args: usize, count: i32): i32 {
  const s = stringArgument(args, count, 0)
  const p = s ? stringArgument(args, count, 1) : 0
  if (!p || !checkOptionalInteger(args, count, 3)) return CONTROL
  const tag = count > 2 ? tagAt(argument(args, 2)) : 0
  let by: usize = 0
  if (count > 2 && tag == T_TABLE && !load<u32>(objectAt(argument(args, 2)), TABLE_META))
    by = objectAt(argument(args, 2))
  else if (count > 2 && (isStringTag(tag) || isIntegerTag(tag))) by = stringArgument(args, count, 2)
  else if (count > 2 && (tag == T_TABLE || isFunctionTag(tag)))
    return callInstead(args, count, slowVersion(BUILTIN_PATTERN_GSUB))
  else return raiseArgumentType(args, count, 2, MSG_REPLACE_TYPE)
  if (!isResumed(args, s)) {
    const problem = choosePattern(p, VARIANT_ANCHORED)
    if (problem) return raiseProblem(problem)
    chooseSubject(s)
    store<i64>(W_COUNT, isNone(args, count, 3) ? i64(lengthOf(s)) + 1 : integerArgument(args, 3))
    store<i64>(W_DONE, 0)
    store<i32>(W_CHANGED, kindOf(by) == KIND_TABLE ? 0 : 1)
    store<u32>(W_COPIED, u32(bytesOf(s)))
    store<u32>(W_PREVIOUS, 0)
    resetBuffer()
    beginMatch(bytesOf(s))
  }
  const problem = replaceAll(args, by)
  return problem ? raiseProblem(problem) : giveResult(args, s)
}

/** Replaces until there is no more to replace: 0, or CONTROL, NO_ROOM, AGAIN. */
function replaceAll(args: usize, by: usize): i32 {
  const anchored = load<u8>(load<u32>(W_CODE)) == P_ANCHOR
  while (load<i64>(W_COUNT) > 0) {
    const found = driveMatch(args, load<u32>(W_PREVIOUS))
    if (found <= 0) return found
    const start: usize = load<u32>(G_MATCH_START)
    const stop: usize = load<u32>(G_MATCH_S)
    const copied: usize = load<u32>(W_COPIED)
    if (!appendBytes(copied, i32(start - copied))) return NO_ROOM
    spend(i32(stop - copied))
    const problem = kindOf(by) == KIND_TABLE ? appendField(by) : appendReplacement(by)
    if (problem) return problem
    store<u32>(W_COPIED, u32(stop))
    store<u32>(W_PREVIOUS, u32(stop))
    store<i64>(W_COUNT, load<i64>(W_COUNT) - 1)
    store<i64>(W_DONE, load<i64>(W_DONE) + 1)
    if (anchored) return 0
    beginMatch(stop)
  }
  return 0
}

/** The rest of the subject, and what is there as the results. */
function giveResult(args: usize, subject: usize): i32 {
  const done = load<i64>(W_DONE)
  let text = subject // as it is, where no match has been replaced
  if (done > 0 && load<i32>(W_CHANGED)) {
    const copied: usize = load<u32>(W_COPIED)
    const rest = i32(load<u32>(G_MATCH_SRC_END) - u32(copied))
    spend(rest)
    if (!appendBytes(copied, rest)) return NO_ROOM
    text = bufferToString()
    if (!text) return NO_ROOM
  }
  one(args, stringWord(text))
  result(args, 1, done)
  return 2
}

/** Appends what a match is replaced by: 0, or CONTROL, NO_ROOM. */
function appendReplacement(by: usize): i32 {
  let at = bytesOf(by)
  const end = at + usize(lengthOf(by))
  spend(lengthOf(by))
  while (true) {
    const percent = findByte(at, end, PERCENT)
    if (!appendBytes(at, i32((percent ? percent : end) - at))) return NO_ROOM
    if (!percent) return 0
    at = percent + 2
    const c: i32 = at <= end ? load<u8>(percent, 1) : 0
    if (c == PERCENT) {
      if (!appendByte(PERCENT)) return NO_ROOM
    } else if (u32(c - ZERO) < 10) {
      const problem = appendCapture(c - ZERO - 1)
      if (problem) return problem
    } else return raiseMessage(MSG_REPLACE_PERCENT, V_NIL, V_NIL)
  }
}

/** Appends what a table has for the first capture: 0, or CONTROL, NO_ROOM. */
function appendField(table: usize): i32 {
  const count = makeValues(1)
  if (count < 0) return count
  const value = get(table, load<i64>(captureAt(0)))
  const tag = high(value)
  if (isTrue(value)) store<i32>(W_CHANGED, 1)
  if (isIntegerTag(tag)) return appendNumber(integerOf(value))
  let from: usize = load<u32>(G_MATCH_START)
  let length = i32(load<u32>(G_MATCH_S) - u32(from))
  if (isTrue(value)) {
    if (!isStringTag(tag)) return raiseMessage(MSG_REPLACE_VALUE, stringWord(typeNameOf(tag)), V_NIL)
    from = bytesOf(low(value))
    length = lengthOf(low(value))
    spend(length)
  }
  return appendBytes(from, length) ? 0 : NO_ROOM
}

/** Appends a capture, counted from 0; -1 is the whole match, and so is 0 when there are no captures. */
function appendCapture(number: i32): i32 {
  let from: usize = load<u32>(G_MATCH_START)
  let length = i32(load<u32>(G_MATCH_S) - u32(from))
  if (number >= captureCount()) {
    if (number > 0) return raiseMessage(MSG_PATTERN_INDEX, i64(number) + 1, V_NIL)
  } else if (number >= 0) {
    from = load<u32>(captureAt(number))
    length = load<i32>(captureAt(number), 4)
  }
  if (length == CAPTURE_OPEN) return raiseMessage(MSG_PATTERN_UNFINISHED, V_NIL, V_NIL)
  if (length == CAPTURE_POSITION) return appendNumber(i64(from - load<u32>(G_MATCH_SRC)) + 1)
  spend(length)
  return appendBytes(from, length) ? 0 : NO_ROOM
}

function appendNumber(i: i64): i32 {
  if (!reserveBuffer(20)) return NO_ROOM
  const digits = writeInteger(bufferBytes() + usize(bufferLength()), i)
  store<i32>(G_BUFFER_LENGTH, bufferLength() + digits)
  return 0
}
