// Reading and writing tables, and constructors. The plain cases are here; ../index.ts has the others.
import {
  BLOCKHEADER_MARK,
  G_TOP,
  MARK_BLACK,
  T_MAX,
  T_NIL,
  T_STRING,
  T_TABLE,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_META,
  UPVALUE_AT,
} from '../../generated/layout'
import { fieldB, fieldD, registerA, registerB, registerC } from '../decode'
import { payForValues } from '../fuel'
import { outOfMemory, safePoint } from '../gc'
import { indexValue, setIndex } from '../index'
import { arraySize, findString, growArray, newTable, reserve, touchRange, touchWith } from '../table'
import { objectAt, tableWord, tagAt, tagged } from '../value'
import { upvalueB } from './load'

function stringKey(pc: usize): i64 {
  return tagged(T_STRING, load<u32>(pc, 4))
}

/** R[A] := value at `from`[key constant] */
function getField(pc: usize, base: usize, from: usize): usize {
  if (tagAt(from) == T_TABLE) {
    const at = findString(objectAt(from), load<u32>(pc, 4))
    if (at && tagAt(at) != T_NIL) {
      store<i64>(registerA(pc, base), load<i64>(at))
      return pc + 8
    }
  }
  return indexValue(pc, load<i64>(from), stringKey(pc))
}

/** value at `to`[key constant] := R[A] */
function setField(pc: usize, base: usize, to: usize): usize {
  if (tagAt(to) == T_TABLE) {
    const t = objectAt(to)
    const at = findString(t, load<u32>(pc, 4))
    if (at && tagAt(at) != T_NIL) {
      const value = load<i64>(registerA(pc, base))
      store<i64>(at, value)
      if (load<u8>(t, BLOCKHEADER_MARK) == MARK_BLACK) touchWith(t, value)
      return pc + 8
    }
  }
  return setIndex(pc, load<i64>(to), stringKey(pc), load<i64>(registerA(pc, base)))
}

export function opGettabup(pc: usize, base: usize): usize {
  return getField(pc, base, load<u32>(upvalueB(pc, base), UPVALUE_AT))
}

export function opSettabup(pc: usize, base: usize): usize {
  return setField(pc, base, load<u32>(upvalueB(pc, base), UPVALUE_AT))
}

export function opGetfield(pc: usize, base: usize): usize {
  return getField(pc, base, registerB(pc, base))
}

export function opSetfield(pc: usize, base: usize): usize {
  return setField(pc, base, registerB(pc, base))
}

/** Address of array element `key` if it lies in the array part, else 0. */
function element(t: usize, key: i64): usize {
  if (u64(key - 1) < u64(load<u32>(t, TABLE_ARRAY_SIZE)))
    return usize(load<u32>(t, TABLE_ARRAY)) + (usize(key - 1) << 3)
  return 0
}

export function opGettable(pc: usize, base: usize): usize {
  const rb = registerB(pc, base)
  const key = load<i64>(registerC(pc, base))
  if (tagAt(rb) == T_TABLE) {
    const tag = i32(key >> 32)
    let at: usize = 0
    if (tag > T_MAX) at = element(objectAt(rb), key)
    else if (tag == T_STRING) at = findString(objectAt(rb), usize(key))
    if (at && tagAt(at) != T_NIL) {
      store<i64>(registerA(pc, base), load<i64>(at))
      return pc + 8
    }
  }
  return indexValue(pc, load<i64>(rb), key)
}

/** Stores into array element `key` if it is there and no metamethod can be concerned. */
function storeElement(t: usize, key: i64, value: i64): bool {
  const at = element(t, key)
  if (!at || (tagAt(at) == T_NIL && load<u32>(t, TABLE_META) != 0)) return false
  store<i64>(at, value)
  if (load<u8>(t, BLOCKHEADER_MARK) == MARK_BLACK) touchWith(t, value)
  return true
}

export function opSettable(pc: usize, base: usize): usize {
  const rb = registerB(pc, base)
  const key = load<i64>(registerC(pc, base))
  const value = load<i64>(registerA(pc, base))
  if (tagAt(rb) == T_TABLE && i32(key >> 32) > T_MAX && storeElement(objectAt(rb), key, value)) return pc + 8
  return setIndex(pc, load<i64>(rb), key, value)
}

export function opGeti(pc: usize, base: usize): usize {
  const rb = registerB(pc, base)
  const key = i64(fieldD(pc))
  if (tagAt(rb) == T_TABLE) {
    const at = element(objectAt(rb), key)
    if (at && tagAt(at) != T_NIL) {
      store<i64>(registerA(pc, base), load<i64>(at))
      return pc + 8
    }
  }
  return indexValue(pc, load<i64>(rb), key)
}

export function opSeti(pc: usize, base: usize): usize {
  const rb = registerB(pc, base)
  const key = i64(fieldD(pc))
  const value = load<i64>(registerA(pc, base))
  if (tagAt(rb) == T_TABLE && storeElement(objectAt(rb), key, value)) return pc + 8
  return setIndex(pc, load<i64>(rb), key, value)
}

export function opSelf(pc: usize, base: usize): usize {
  const object = load<i64>(registerB(pc, base))
  store<i64>(registerA(pc, base) + 16, object)
  if (i32(object >> 32) == T_TABLE) {
    const at = findString(usize(object), load<u32>(pc, 4))
    if (at && tagAt(at) != T_NIL) {
      store<i64>(registerA(pc, base), load<i64>(at))
      return pc + 8
    }
  }
  return indexValue(pc, object, stringKey(pc))
}

export function opNewtable(pc: usize, base: usize): usize {
  const t = newTable()
  if (!reserve(t, fieldD(pc), fieldB(pc))) return outOfMemory(pc)
  store<i64>(registerA(pc, base), tableWord(t))
  return safePoint(pc + 8)
}

export function opSetlist(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  const t = objectAt(ra)
  let count = fieldB(pc)
  if (count == 255) count = i32(usize(load<u32>(G_TOP)) - ra - 8) >> 3
  const first = fieldD(pc)
  if (arraySize(t) < first + count && !growArray(t, first + count)) return outOfMemory(pc)
  const array: usize = usize(load<u32>(t, TABLE_ARRAY)) + (usize(first) << 3)
  payForValues(count)
  for (let i: i32 = 0; i < count; i++)
    store<i64>(array + (usize(i) << 3), load<i64>(ra + 8 + (usize(i) << 3)))
  touchRange(t, array, count)
  return safePoint(pc + 8)
}
