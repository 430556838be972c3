// table.concat: one pass over the elements adds up the length, another writes the string in place.

import { BUILTIN_TABLE_CONCAT } from '../../generated/builtins'
import {
  LIMIT_SHORT_STRING,
  MEM_SCRATCH,
  MSG_CONCAT_VALUE,
  MSG_TOO_LARGE,
  TABLE_NODE_MASK,
  V_NIL,
} from '../../generated/layout'
import {
  AGAIN,
  CONTROL,
  charge,
  checkOptionalInteger,
  integerArgument,
  isNone,
  NO_ROOM,
  one,
  optionalInteger,
  stringArgument,
} from '../arguments'
import { distance, product, REFUSED } from '../checked'
import { callInstead, slowVersion } from '../frames'
import { copyBytes } from '../memory'
import { typeNameOf } from '../metatable'
import { writeInteger } from '../number'
import { raiseMessage } from '../raise'
import { bytesOf, intern, lengthOf, stringWord, tryLongString } from '../string'
import { arraySize, border, get } from '../table'
import { high, integer, integerOf, isIntegerTag, isStringTag, low } from '../value'
import { checkTable, element, LENGTH, plainTable, READ } from './table'

const MAX_BYTES: i64 = 0x7fff0000

/** Raw element; every index is reached in order, so a missing one ends the walk. */
function elementAt(t: usize, i: i64): i64 {
  // in range: without their signs, nothing below 1 passes
  return u64(i - 1) < u64(arraySize(t)) ? load<i64>(element(t, i)) : get(t, integer(i))
}

/** Length of an element as text; -1: it is neither a string nor a number. */
function textLength(v: i64): i32 {
  const tag = high(v)
  if (isStringTag(tag)) return lengthOf(low(v))
  return isIntegerTag(tag) ? writeInteger(MEM_SCRATCH, integerOf(v)) : -1
}

/** Length of all elements as text, without separators; -1: raised. */
function measure(t: usize, first: i64, last: i64): i64 {
  let total: i64 = 0
  let i = first
  do {
    const v = elementAt(t, i)
    const length = textLength(v)
    if (length < 0) {
      raiseMessage(MSG_CONCAT_VALUE, stringWord(typeNameOf(high(v))), integer(i))
      return -1
    }
    total += i64(length)
  } while (i++ != last)
  return total
}

/** Writes an element as text; its length. */
function put(to: usize, v: i64): i32 {
  if (!isStringTag(high(v))) return writeInteger(to, integerOf(v))
  const length = lengthOf(low(v))
  copyBytes(to, bytesOf(low(v)), length)
  return length
}

function join(to: usize, t: usize, separator: usize, first: i64, last: i64): void {
  let at = to
  const gap = separator ? lengthOf(separator) : 0
  for (let i = first; ; i++) {
    at += usize(put(at, elementAt(t, i)))
    if (i == last) return
    if (gap > 0) {
      copyBytes(at, bytesOf(separator), gap)
      at += usize(gap)
    }
  }
}

/** Elements that a walk can meet before it comes to a missing one, or `wanted` if that is less. */
function bounded(t: usize, wanted: i64): i64 {
  const most = i64(arraySize(t) + load<i32>(t, TABLE_NODE_MASK) + 2)
  return u64(wanted) < u64(most) ? wanted : most
}

/** table.concat(t [, separator [, first [, last]]]). */
export function tableConcat(args: usize, count: i32): i32 {
  if (!checkTable(args, count, 0, READ | LENGTH)) return CONTROL
  let separator: usize = 0
  if (!isNone(args, count, 1)) {
    separator = stringArgument(args, count, 1)
    if (!separator) return CONTROL
  }
  if (!checkOptionalInteger(args, count, 2) || !checkOptionalInteger(args, count, 3)) return CONTROL
  const t = plainTable(args, 0)
  if (!t) return callInstead(args, count, slowVersion(BUILTIN_TABLE_CONCAT))
  const first = optionalInteger(args, count, 2, 1)
  const last = isNone(args, count, 3) ? border(t) : integerArgument(args, 3)
  if (first > last) return one(args, stringWord(intern(MEM_SCRATCH, 0)))
  const gaps = distance(first, last)
  if (!charge(bounded(t, gaps))) return AGAIN
  let total = measure(t, first, last)
  if (total < 0) return CONTROL
  const between = separator ? product(i64(lengthOf(separator)), gaps) : 0
  total += between
  if (between == REFUSED || total > MAX_BYTES) return raiseMessage(MSG_TOO_LARGE, V_NIL, V_NIL)
  if (!charge(total >> 4)) return AGAIN
  if (total <= LIMIT_SHORT_STRING) {
    join(MEM_SCRATCH, t, separator, first, last)
    return one(args, stringWord(intern(MEM_SCRATCH, i32(total))))
  }
  const s = tryLongString(i32(total))
  if (!s) return NO_ROOM
  join(bytesOf(s), t, separator, first, last)
  return one(args, stringWord(s))
}
