// Arguments of library functions: checks and conversions with the reference's error messages.
// A check that fails raises (G_NEXT_PC is set) and says so by `raised()`; the handler then returns CONTROL.
import {
  G_BUDGET,
  G_FUEL,
  MSG_FLOAT_STRING,
  MSG_NUMBER_EXPECTED,
  MSG_STRING_EXPECTED,
  MSG_TABLE_EXPECTED,
  T_NIL,
  T_TABLE,
} from '../generated/layout'
import { integerToString, looksNumeric, parsedInteger, parseInteger } from './number'
import { raiseArgument, raiseArgumentType } from './raise'
import { stringWord } from './string'
import { integerOf, isIntegerTag, isStringTag, low, objectAt, tagAt } from './value'

/** The handler has raised an error or changed the frame: go on at G_NEXT_PC. */
export const CONTROL: i32 = -1
/** No memory: collect and execute the call again. */
export const NO_ROOM: i32 = -2
/** Out of fuel in the middle of bounded work: execute the call again with more. */
export const AGAIN: i32 = -3

/** Address of argument i, counted from 0. */
export function argument(args: usize, i: i32): usize {
  return args + (usize(i) << 3)
}

/** Is argument i absent or nil? */
export function isNone(args: usize, count: i32, i: i32): bool {
  return i >= count || tagAt(argument(args, i)) == T_NIL
}

/** Is argument i an integer, or a string that reads as one? False: raised. The value: `integerArgument`. */
export function checkInteger(args: usize, count: i32, i: i32): bool {
  const slot = argument(args, i)
  if (i < count) {
    const tag = tagAt(slot)
    if (isIntegerTag(tag)) return true
    if (isStringTag(tag)) {
      if (parseInteger(objectAt(slot))) {
        store<i64>(slot, parsedInteger())
        return true
      }
      if (looksNumeric(objectAt(slot))) {
        raiseArgument(i + 1, MSG_FLOAT_STRING)
        return false
      }
    }
  }
  raiseArgumentType(args, count, i, MSG_NUMBER_EXPECTED)
  return false
}

/** Value of an argument that checkInteger has accepted. */
export function integerArgument(args: usize, i: i32): i64 {
  return integerOf(load<i64>(argument(args, i)))
}

/** The same for an argument that may be absent or nil. */
export function checkOptionalInteger(args: usize, count: i32, i: i32): bool {
  return isNone(args, count, i) || checkInteger(args, count, i)
}

export function optionalInteger(args: usize, count: i32, i: i32, otherwise: i64): i64 {
  return isNone(args, count, i) ? otherwise : integerArgument(args, i)
}

/** String object of argument i; an integer is converted in its slot. 0: raised. */
export function stringArgument(args: usize, count: i32, i: i32): usize {
  const slot = argument(args, i)
  if (i < count) {
    const tag = tagAt(slot)
    if (isStringTag(tag)) return objectAt(slot)
    if (isIntegerTag(tag)) {
      const s = integerToString(integerOf(load<i64>(slot)))
      store<i64>(slot, stringWord(s))
      return s
    }
  }
  raiseArgumentType(args, count, i, MSG_STRING_EXPECTED)
  return 0
}

/** Table object of argument i. 0: raised. */
export function tableArgument(args: usize, count: i32, i: i32): usize {
  if (i < count && tagAt(argument(args, i)) == T_TABLE) return objectAt(argument(args, i))
  raiseArgumentType(args, count, i, MSG_TABLE_EXPECTED)
  return 0
}

/** Writes the k-th result (from 0). The results lie two slots below the arguments. */
export function result(args: usize, k: i32, v: i64): void {
  store<i64>(args - 16 + (usize(k) << 3), v)
}

/** One result. */
export function one(args: usize, v: i64): i32 {
  store<i64>(args - 16, v)
  return 1
}

/**
 * Pays for work inside a library function, in instructions. False: the call as a whole can't pay for it,
 * and the caller returns AGAIN, which ends in "out of fuel". Nobody can pay for negative work.
 */
export function charge(work: i64): bool {
  const left = load<i64>(G_FUEL)
  if (work < 0 || work > left + load<i64>(G_BUDGET)) {
    store<i64>(G_FUEL, -1)
    store<i64>(G_BUDGET, 0)
    return false
  }
  store<i64>(G_FUEL, left - work) // in range: it is no more than there is
  return true
}

/** The string object in a word. */
export function textOf(v: i64): usize {
  return low(v)
}
