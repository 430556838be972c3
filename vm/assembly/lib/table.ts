// table.insert, remove, move, pack, unpack for tables whose elements need no metamethods; concat and sort
// have files of their own. Everything else is left to the versions in vm/lua/table.lua.

import {
  BUILTIN_TABLE_INSERT,
  BUILTIN_TABLE_MOVE,
  BUILTIN_TABLE_REMOVE,
  BUILTIN_TABLE_UNPACK,
} from '../../generated/builtins'
import {
  EVENT_INDEX,
  EVENT_LEN,
  EVENT_NEWINDEX,
  LIMIT_STACK_SLOTS,
  MEM_SCRATCH,
  MSG_INSERT_ARGS,
  MSG_MOVE_MANY,
  MSG_MOVE_WRAP,
  MSG_POSITION_BOUNDS,
  MSG_TABLE_EXPECTED,
  MSG_UNPACK_MANY,
  T_NIL,
  T_STRING,
  T_TABLE,
  TABLE_ARRAY,
  TABLE_META,
  V_NIL,
} from '../../generated/layout'
import {
  AGAIN,
  argument,
  CONTROL,
  charge,
  checkInteger,
  checkOptionalInteger,
  integerArgument,
  isNone,
  NO_ROOM,
  one,
  optionalInteger,
} from '../arguments'
import { distance, REFUSED, sum, within } from '../checked'
import { callInstead, makeRoom, slowVersion } from '../frames'
import { open } from '../gc-weak'
import { copyBytes, copyWordsUp, free } from '../memory'
import { fastMetamethod, metamethodOf, metatableOf } from '../metatable'
import { raiseArgument, raiseArgumentType, raiseMessage } from '../raise'
import { intern } from '../string'
import {
  arraySize,
  border,
  get,
  growArray,
  hasNodes,
  isSealed,
  movedDown,
  newTable,
  reserve,
  set,
  touchRange,
  touchWith,
} from '../table'
import { high, integer, objectAt, tableWord, tagAt, tagged } from '../value'

export { tableConcat } from './concat'
export { tableSort } from './sort'

/** The name 'n', as a number. */
const N_NAME: i64 = 0x6e
const LARGEST: i64 = 0x7fffffffffffffff

/** Can elements be read and written, and the length be taken, without metamethods? Opens a table that is sealed. */
export function isPlain(t: usize): bool {
  if (isSealed(t)) open(t)
  const meta: usize = load<u32>(t, TABLE_META)
  if (!meta) return true
  return (
    high(fastMetamethod(meta, EVENT_INDEX)) == T_NIL &&
    high(fastMetamethod(meta, EVENT_NEWINDEX)) == T_NIL &&
    high(fastMetamethod(meta, EVENT_LEN)) == T_NIL
  )
}

/** What a library function does with a table: metamethods that any other value must have for that. */
export const READ: i32 = 1
export const WRITE: i32 = 2
export const LENGTH: i32 = 4

/** Is argument i a table, or has it the metamethods to be used like one? False: raised. */
export function checkTable(args: usize, count: i32, i: i32, uses: i32): bool {
  if (i < count) {
    const v = load<i64>(argument(args, i))
    if (high(v) == T_TABLE || hasEvents(v, uses)) return true
  }
  raiseArgumentType(args, count, i, MSG_TABLE_EXPECTED)
  return false
}

function hasEvents(v: i64, uses: i32): bool {
  if (!metatableOf(v)) return false
  if (uses & READ && metamethodOf(v, EVENT_INDEX) == V_NIL) return false
  if (uses & WRITE && metamethodOf(v, EVENT_NEWINDEX) == V_NIL) return false
  return !(uses & LENGTH) || metamethodOf(v, EVENT_LEN) != V_NIL
}

/** The table in argument i; 0 if metamethods take part. */
export function plainTable(args: usize, i: i32): usize {
  const at = argument(args, i)
  return tagAt(at) == T_TABLE && isPlain(objectAt(at)) ? objectAt(at) : 0
}

/** Address of array element i, counted from 1. */
export function element(t: usize, i: i64): usize {
  return usize(load<u32>(t, TABLE_ARRAY)) + (usize(i - 1) << 3)
}

/** Leaves the call to the version in Lua. */
function leave(args: usize, count: i32, builtin: i32): i32 {
  return callInstead(args, count, slowVersion(builtin))
}

/** table.insert(t, [position,] value). */
export function tableInsert(args: usize, count: i32): i32 {
  if (!checkTable(args, count, 0, READ | WRITE | LENGTH)) return CONTROL
  if (count == 3 && !checkInteger(args, count, 1)) return CONTROL
  const t = plainTable(args, 0)
  if (!t) return leave(args, count, BUILTIN_TABLE_INSERT)
  const end = border(t) + 1
  if (count == 2) return set(t, end, load<i64>(args, 8)) ? 0 : NO_ROOM
  if (count != 3) return raiseMessage(MSG_INSERT_ARGS, V_NIL, V_NIL)
  const position = within(integerArgument(args, 1), 1, end)
  if (position == REFUSED) return raiseArgument(2, MSG_POSITION_BOUNDS)
  if (position == end) return set(t, end, load<i64>(args, 16)) ? 0 : NO_ROOM
  if (end - 1 > i64(arraySize(t))) return leave(args, count, BUILTIN_TABLE_INSERT)
  if (!charge((end - position) >> 2)) return AGAIN
  if (!set(t, end, load<i64>(element(t, end - 1)))) return NO_ROOM
  const at = element(t, position)
  copyWordsUp(at + 8, at, i32(end - 1 - position) << 3)
  store<i64>(at, load<i64>(args, 16))
  touchWith(t, load<i64>(args, 16))
  return 0
}

/** table.remove(t [, position]): returns the element. */
export function tableRemove(args: usize, count: i32): i32 {
  if (!checkTable(args, count, 0, READ | WRITE | LENGTH)) return CONTROL
  if (!checkOptionalInteger(args, count, 1)) return CONTROL
  const t = plainTable(args, 0)
  if (!t) return leave(args, count, BUILTIN_TABLE_REMOVE)
  const size = border(t)
  const given = optionalInteger(args, count, 1, size)
  const position = given == size ? size : within(given, 1, sum(size, 1))
  if (position == REFUSED) return raiseArgument(1, MSG_POSITION_BOUNDS)
  const removed = get(t, position)
  if (position >= size) set(t, position, V_NIL)
  else {
    if (size > i64(arraySize(t))) return leave(args, count, BUILTIN_TABLE_REMOVE)
    if (!charge((size - position) >> 2)) return AGAIN
    const at = element(t, position)
    copyBytes(at, at + 8, i32(size - position) << 3)
    store<i64>(element(t, size), V_NIL)
    movedDown(t)
  }
  return one(args, removed)
}

/** Copies array elements within a table or from one to another, as memmove does. */
function moveElements(to: usize, from: usize, bytes: i32): void {
  if (to > from && to < from + usize(bytes)) copyWordsUp(to, from, bytes)
  else copyBytes(to, from, bytes)
}

/** Is there room in the array part for elements up to `last`, or can it be made? -1: no memory; 0: no. */
function makeArray(t: usize, first: i64, last: i64): i32 {
  const size = i64(arraySize(t))
  if (last <= size) return 1
  const most = within(last, 0, 0x4000000)
  if (first > size + 1 || hasNodes(t) || most == REFUSED) return 0
  const doubled = size << 1
  return growArray(t, i32(first > 1 && doubled > most ? doubled : most)) ? 1 : -1
}

/** table.move(a, first, last, target [, b]). */
export function tableMove(args: usize, count: i32): i32 {
  if (!checkInteger(args, count, 1) || !checkInteger(args, count, 2) || !checkInteger(args, count, 3))
    return CONTROL
  const receiver = isNone(args, count, 4) ? 0 : 4
  if (!checkTable(args, count, 0, READ) || !checkTable(args, count, receiver, WRITE)) return CONTROL
  const first = integerArgument(args, 1)
  const last = integerArgument(args, 2)
  const target = integerArgument(args, 3)
  if (last < first) return one(args, load<i64>(argument(args, receiver)))
  const steps = distance(first, last)
  if (steps == LARGEST) return raiseArgument(3, MSG_MOVE_MANY)
  if (target > LARGEST - steps) return raiseArgument(4, MSG_MOVE_WRAP)
  const from = plainTable(args, 0)
  const to = plainTable(args, receiver)
  if (!from || !to || first < 1 || target < 1 || last > i64(arraySize(from))) {
    return leave(args, count, BUILTIN_TABLE_MOVE)
  }
  if (!charge(steps >> 2)) return AGAIN
  const room = makeArray(to, target, sum(target, steps))
  if (room == 0) return leave(args, count, BUILTIN_TABLE_MOVE)
  if (room < 0) return NO_ROOM
  const moved = i32(steps) + 1
  const at = element(to, target) // in range: makeArray has made room for it
  moveElements(at, element(from, first), moved << 3) // in range: first and last are in the array part
  touchRange(to, at, moved)
  return one(args, tableWord(to))
}

/** table.pack(…): a table of the arguments, with their number in its field n. */
export function tablePack(args: usize, count: i32): i32 {
  const t = newTable()
  if (count > 0 && !growArray(t, count)) {
    free(t)
    return NO_ROOM
  }
  if (!reserve(t, 0, 1)) return NO_ROOM
  if (count > 0) copyBytes(load<u32>(t, TABLE_ARRAY), args, count << 3)
  store<i64>(MEM_SCRATCH, N_NAME)
  if (!set(t, tagged(T_STRING, intern(MEM_SCRATCH, 1)), i64(count))) return NO_ROOM
  return one(args, tableWord(t))
}

/** Writes elements first … of a table as results; `results` of them. */
function spread(args: usize, t: usize, first: i64, results: i32): i32 {
  let to = args - 16
  let i: i32 = 0
  const start = i32(within(first, 1, i64(arraySize(t))))
  if (start > 0) {
    const inArray = arraySize(t) - start + 1
    const n = inArray < results ? inArray : results
    copyBytes(to, element(t, i64(start)), n << 3)
    i = n
    to += usize(n) << 3
  }
  for (; i < results; i++) {
    store<i64>(to, get(t, integer(sum(first, i64(i)))))
    to += 8
  }
  return results
}

/** table.unpack(t [, first [, last]]). */
export function tableUnpack(args: usize, count: i32): i32 {
  if (!checkOptionalInteger(args, count, 1) || !checkOptionalInteger(args, count, 2)) return CONTROL
  if (count < 1 || tagAt(args) != T_TABLE || !isPlain(objectAt(args)))
    return leave(args, count, BUILTIN_TABLE_UNPACK)
  const t = objectAt(args)
  const first = optionalInteger(args, count, 1, 1)
  const last = isNone(args, count, 2) ? border(t) : integerArgument(args, 2)
  if (first > last) return 0
  const steps = distance(first, last)
  if (steps >= i64(LIMIT_STACK_SLOTS)) return raiseMessage(MSG_UNPACK_MANY, V_NIL, V_NIL)
  const results = i32(steps) + 1
  if (!charge(i64(results >> 2))) return AGAIN
  if (results <= 24) return spread(args, t, first, results)
  return makeRoom(args, results) ? spread(args, t, first, results) : CONTROL
}
