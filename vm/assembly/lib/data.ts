// The library data (Luadata): blocks of bytes, owned by the state or lent to it for one call, whose fields
// scripts read and write by name.

import { BUILTIN_DATA_INDEX, BUILTIN_DATA_LAYOUT } from '../../generated/builtins'
import {
  BLOCK_ADDRESS,
  BLOCK_BYTES,
  BLOCK_LAYOUT,
  BLOCK_LEASE,
  BLOCK_LENGTH,
  BLOCK_OWNER,
  BLOCKHEADER_MISC,
  G_LEASE,
  G_STRICT,
  KIND_BLOCK,
  MSG_BLOCK_ELEMENT,
  MSG_BLOCK_EXPECTED,
  MSG_BLOCK_SIZE,
  MSG_BLOCK_SOURCE,
  MSG_BLOCK_UNKNOWN,
  MSG_DEAD_BLOCK,
  MSG_NEGATIVE_ARGUMENT,
  T_BLOCK,
  T_LONGSTRING,
  T_NIL,
  T_STRING,
  T_TABLE,
  TABLE_META,
  V_EMPTY,
  V_NIL,
} from '../../generated/layout'
import {
  AGAIN,
  CONTROL,
  charge,
  checkOptionalInteger,
  NO_ROOM,
  one,
  optionalInteger,
  tableArgument,
} from '../arguments'
import { clamp } from '../checked'
import { slowVersion } from '../frames'
import { copyBytes, newObject } from '../memory'
import { isFetched, OF_PACKET } from '../packet-window'
import { raiseArgument, raiseArgumentType, raiseMessage } from '../raise'
import { bytesOf, lengthOf, stringWord, tryLongString, tryString } from '../string'
import { border, find, get, getString, touch } from '../table'
import {
  boolean,
  high,
  integerOf,
  isIntegerTag,
  isTrue,
  low,
  objectAt,
  tableWord,
  tagAt,
  tagged,
} from '../value'
import { readField, readPlain, writeField } from './data-field'
import { compileLayout, RAISED } from './layout-fields'

/** Most bytes of a block. */
const MAX_BYTES: i64 = 0x7fff0000

/** A block over `bytes` bytes at `address` inside the object `owner`; 0: lent memory, with this lease. */
function newBlock(owner: usize, address: usize, bytes: i32, lease: i32): usize {
  const block = newObject(BLOCK_BYTES, KIND_BLOCK)
  store<u16>(block, 0, BLOCKHEADER_MISC)
  store<u32>(block, u32(address), BLOCK_ADDRESS)
  store<i32>(block, bytes, BLOCK_LENGTH)
  store<u32>(block, u32(owner), BLOCK_OWNER)
  store<i32>(block, lease, BLOCK_LEASE)
  store<u32>(block, 0, BLOCK_LAYOUT)
  return block
}

/** The word of a fresh block over memory that is lent until G_LEASE changes. */
export function newLentBlock(address: usize, bytes: i32): i64 {
  return tagged(T_BLOCK, newBlock(0, address, bytes, load<i32>(G_LEASE)))
}

/** The same over the window of the packet under way. */
export function newPacketBlock(address: usize, bytes: i32): i64 {
  const word = newLentBlock(address, bytes)
  store<u16>(low(word), u16(OF_PACKET), BLOCKHEADER_MISC)
  return word
}

/** The living block that argument 0 is. 0: raised. */
export function blockArgument(args: usize, count: i32): usize {
  if (count < 1 || tagAt(args) != T_BLOCK) {
    raiseArgumentType(args, count, 0, MSG_BLOCK_EXPECTED)
    return 0
  }
  const block = objectAt(args)
  if (load<u32>(block, BLOCK_OWNER) || load<i32>(block, BLOCK_LEASE) == load<i32>(G_LEASE)) return block
  raiseMessage(MSG_DEAD_BLOCK, V_NIL, V_NIL)
  return 0
}

/** Fills bytes from a table's elements 1, 2, …; false: one is not an integer from 0 to 255. */
function fillFromTable(to: usize, bytes: i32, t: usize): bool {
  for (let i: i32 = 0; i < bytes; i++) {
    const v = get(t, i64(i) + 1)
    if (u64(v) > 255) return false
    store<u8>(to + usize(i), u8(v))
  }
  return true
}

function fillWithZeros(to: usize, bytes: i32): void {
  let i: i32 = 0
  for (; i + 8 <= bytes; i += 8) store<i64>(to + usize(i), 0)
  for (; i < bytes; i++) store<u8>(to + usize(i), 0)
}

/** Number of bytes that data.new's argument asks for; -1: it is of the wrong type. */
function bytesWanted(v: i64): i64 {
  const tag = high(v)
  if (tag == T_STRING || tag == T_LONGSTRING) return i64(lengthOf(low(v)))
  if (tag == T_TABLE) return border(low(v))
  return isIntegerTag(tag) ? integerOf(v) : -1
}

/** data.new(table | string | size): a block over bytes of its own. */
export function dataNew(args: usize, count: i32): i32 {
  const v = count > 0 ? load<i64>(args) : V_NIL
  const tag = high(v)
  const wanted = bytesWanted(v)
  if (wanted < 0) {
    return isIntegerTag(tag)
      ? raiseArgument(1, MSG_BLOCK_SIZE)
      : raiseArgumentType(args, count, 0, MSG_BLOCK_SOURCE)
  }
  if (wanted > MAX_BYTES) return NO_ROOM
  if (!charge(tag == T_TABLE ? wanted : wanted >> 4)) return AGAIN
  const bytes = i32(wanted)
  const owner = tryLongString(bytes)
  if (!owner) return NO_ROOM
  const at = bytesOf(owner)
  if (tag == T_TABLE) {
    if (!fillFromTable(at, bytes, low(v))) return raiseArgument(1, MSG_BLOCK_ELEMENT)
  } else if (isIntegerTag(tag)) fillWithZeros(at, bytes)
  else copyBytes(at, bytesOf(low(v)), bytes)
  return one(args, tagged(T_BLOCK, newBlock(owner, at, bytes, 0)))
}

/** The metatable that tells compiled layouts from other tables; 0 if there is none. */
function layoutMetatable(): usize {
  const meta = slowVersion(BUILTIN_DATA_LAYOUT)
  return high(meta) == T_TABLE ? low(meta) : 0
}

/** Compiled form of the layout in argument i: 0: no room; RAISED. */
function layoutArgument(args: usize, count: i32, i: i32): usize {
  const t = tableArgument(args, count, i)
  if (!t) return RAISED
  const meta = layoutMetatable()
  return meta && load<u32>(t, TABLE_META) == u32(meta) ? t : compileLayout(t, meta)
}

/** block:layout(l): gives the block a layout, compiled or not; returns the block. */
function applyLayout(args: usize, count: i32): i32 {
  const block = blockArgument(args, count)
  if (!block) return CONTROL
  const layout = layoutArgument(args, count, 1)
  if (layout == RAISED) return CONTROL
  if (!layout) return NO_ROOM
  store<u32>(block, u32(layout), BLOCK_LAYOUT)
  touch(block)
  return one(args, load<i64>(args))
}

/** data.layout(t): a layout that blocks take without compiling it again. The method `layout` is this too. */
export function dataLayout(args: usize, count: i32): i32 {
  if (count > 0 && tagAt(args) == T_BLOCK) return applyLayout(args, count)
  const layout = layoutArgument(args, count, 0)
  if (layout == RAISED) return CONTROL
  return layout ? one(args, tableWord(layout)) : NO_ROOM
}

/** data.strict([on]): whether accesses outside blocks raise, from now on; returns what held before. */
export function dataStrict(args: usize, count: i32): i32 {
  const before = load<i32>(G_STRICT) != 0
  if (count > 0) store<i32>(G_STRICT, isTrue(load<i64>(args)) ? 1 : 0)
  return one(args, boolean(before))
}

/**
 * block:segment([offset[, length]]): a block over a part of the same bytes, as much of it as there is; nil
 * where there is no byte at all.
 */
export function dataSegment(args: usize, count: i32): i32 {
  const block = blockArgument(args, count)
  if (!block || !checkOptionalInteger(args, count, 1) || !checkOptionalInteger(args, count, 2)) return CONTROL
  const size = i64(load<i32>(block, BLOCK_LENGTH))
  const offset = clamp(optionalInteger(args, count, 1, 0), -1, size)
  if (offset < 0) return raiseArgument(2, MSG_NEGATIVE_ARGUMENT)
  const length = clamp(optionalInteger(args, count, 2, size), -1, size - offset)
  if (length < 0) return raiseArgument(3, MSG_NEGATIVE_ARGUMENT)
  if (offset == size) return one(args, V_NIL)
  return one(args, segmentOf(block, i32(offset), i32(length)))
}

/** The word of a block over a part of another one, all of which lies in that. */
export function segmentOf(block: usize, offset: i32, length: i32): i64 {
  const at = usize(load<u32>(block, BLOCK_ADDRESS)) + usize(offset)
  const segment = newBlock(load<u32>(block, BLOCK_OWNER), at, length, load<i32>(block, BLOCK_LEASE))
  store<u16>(segment, load<u16>(block, BLOCKHEADER_MISC), BLOCKHEADER_MISC)
  return tagged(T_BLOCK, segment)
}

/** Not a field: a method, or nil. */
function readMethod(args: usize, key: i64): i32 {
  const methods = slowVersion(BUILTIN_DATA_INDEX)
  const v = high(methods) == T_TABLE && high(key) == T_STRING ? getString(low(methods), low(key)) : V_NIL
  if (high(v) == T_NIL && load<i32>(G_STRICT)) return unknownField(key)
  return one(args, v)
}

/** A name that the layout does not have, in strict mode. */
function unknownField(key: i64): i32 {
  const tag = high(key)
  return raiseMessage(MSG_BLOCK_UNKNOWN, tag == T_STRING || isIntegerTag(tag) ? key : V_NIL, V_NIL)
}

/** Descriptor of the field with this name; negative if the block has none. */
function fieldOf(block: usize, key: i64): i64 {
  const layout: usize = load<u32>(block, BLOCK_LAYOUT)
  const at = layout ? find(layout, key) : 0
  return at ? load<i64>(at) : -1
}

/**
 * The value of a field that is a small whole number, of a living block and there; V_FALSE for a text, V_EMPTY for all
 * others, which dataIndex reads.
 */
export function plainField(block: usize, key: i64): i64 {
  if (!load<u32>(block, BLOCK_OWNER) && load<i32>(block, BLOCK_LEASE) != load<i32>(G_LEASE)) return V_EMPTY
  const d = fieldOf(block, key)
  return d < 0 ? V_EMPTY : readPlain(block, d)
}

/** block[key]: __index. */
export function dataIndex(args: usize, count: i32): i32 {
  const block = blockArgument(args, count)
  if (!block) return CONTROL
  const key = count > 1 ? load<i64>(args, 8) : V_NIL
  const d = fieldOf(block, key)
  return d >= 0 ? readField(args, block, d) : readMethod(args, key)
}

/** block[key] = value: __newindex. */
export function dataNewindex(args: usize, count: i32): i32 {
  const block = blockArgument(args, count)
  if (!block) return CONTROL
  const key = count > 1 ? load<i64>(args, 8) : V_NIL
  const d = fieldOf(block, key)
  if (d >= 0) return writeField(args, block, d, count > 2 ? load<i64>(args, 16) : V_NIL)
  return load<i32>(G_STRICT) ? unknownField(key) : 0
}

/** #block: its bytes. */
export function dataLen(args: usize, count: i32): i32 {
  const block = blockArgument(args, count)
  return block ? one(args, i64(load<i32>(block, BLOCK_LENGTH))) : CONTROL
}

/** tostring(block): its bytes as a string. */
export function dataTostring(args: usize, count: i32): i32 {
  const block = blockArgument(args, count)
  if (!block) return CONTROL
  const bytes = load<i32>(block, BLOCK_LENGTH)
  const at: usize = load<u32>(block, BLOCK_ADDRESS)
  if (load<u16>(block, BLOCKHEADER_MISC) && !isFetched(at, bytes)) return AGAIN
  if (!charge(i64(bytes >> 4))) return AGAIN
  const s = tryString(at, bytes)
  return s ? one(args, stringWord(s)) : NO_ROOM
}
