// Indexing with metamethods: what the table instructions do when the plain case does not apply.

import { BUILTIN_DATA_INDEX } from '../generated/builtins'
import {
  EVENT_INDEX,
  EVENT_NEWINDEX,
  FRAME_META,
  G_ARGS,
  G_BASE,
  G_NEXT_PC,
  G_PC,
  MSG_CHAIN_INDEX,
  MSG_CHAIN_NEWINDEX,
  MSG_INDEX,
  MSG_INDEX_NIL,
  T_BUILTIN,
  T_NIL,
  T_TABLE,
  TABLE_META,
  V_EMPTY,
  V_FALSE,
  V_NIL,
} from '../generated/layout'
import { AGAIN } from './arguments'
import { registerA } from './decode'
import { builtinStopped, callMeta, callMetaWith, frameEnd, link } from './frames'
import { owe, settled } from './fuel'
import { outOfMemory, safePoint } from './gc'
import { dataIndex, plainField } from './lib/data'
import { fastMetamethod, metamethodOf } from './metatable'
import { NO_OPERAND, raiseMessage, raiseOperand } from './raise'
import { find, findOpened, isSealed, set, touchWith } from './table'
import { high, isFunctionTag, low, tagAt, tagged } from './value'

/** Longest chain of __index or __newindex tables. */
const MAX_CHAIN: i32 = 2000
/** Links of a chain that are followed for nothing more than the instruction. */
const FREE_LINKS: i32 = 8

/** R[A] := object[key], with metamethods; the instruction after, or a metamethod's first. */
export function indexValue(pc: usize, object: i64, key: i64): usize {
  let o = object
  for (let i: i32 = 0; i < MAX_CHAIN; i++) {
    if (i > FREE_LINKS) owe(1)
    let f: i64
    if (high(o) == T_TABLE) {
      let at = find(low(o), key)
      if (!at && isSealed(low(o))) at = findOpened(low(o), key)
      if (at && tagAt(at) != T_NIL) return finish(pc, load<i64>(at))
      f = fastMetamethod(load<u32>(low(o), TABLE_META), EVENT_INDEX)
      if (high(f) == T_NIL) return finish(pc, V_NIL)
    } else {
      f = metamethodOf(o, EVENT_INDEX)
      if (high(f) == T_NIL) return notIndexable(pc, o, i)
    }
    if (isFunctionTag(high(f))) {
      store<u32>(G_PC, u32(pc))
      if (f == tagged(T_BUILTIN, BUILTIN_DATA_INDEX)) return indexBlock(pc, o, key)
      return callMeta(pc, f, o, key)
    }
    o = f
  }
  return chainTooLong(pc, MSG_CHAIN_INDEX)
}

/** The __index of data blocks, called without a frame: reading fields is what packet filters do most. */
function indexBlock(pc: usize, o: i64, key: i64): usize {
  const v = plainField(low(o), key)
  // the dispatcher would not see what a text costs
  if (v == V_FALSE) return callMeta(pc, tagged(T_BUILTIN, BUILTIN_DATA_INDEX), o, key)
  if (v != V_EMPTY) return finish(pc, v)
  const at = frameEnd(load<u32>(G_BASE))
  store<i64>(at, tagged(T_BUILTIN, BUILTIN_DATA_INDEX))
  store<i64>(at + 16, o)
  store<i64>(at + 24, key)
  store<u32>(G_ARGS, u32(at + 16))
  const results = dataIndex(at + 16, 2)
  // here the dispatcher would not see that the slice is over
  if (results == AGAIN) return callMeta(pc, tagged(T_BUILTIN, BUILTIN_DATA_INDEX), o, key)
  if (results < 0) return builtinStopped(results)
  return safePoint(finish(pc, load<i64>(at)))
}

function finish(pc: usize, v: i64): usize {
  store<i64>(registerA(pc, load<u32>(G_BASE)), v)
  return settled(pc + 8)
}

/** Behind the first of a chain, a value comes from a metatable, and has no name. */
function notIndexable(pc: usize, o: i64, i: i32): usize {
  store<u32>(G_PC, u32(pc))
  raiseOperand(MSG_INDEX, o, i ? NO_OPERAND : 0)
  return load<u32>(G_NEXT_PC)
}

function chainTooLong(pc: usize, message: i32): usize {
  store<u32>(G_PC, u32(pc))
  raiseMessage(message, V_NIL, V_NIL)
  return load<u32>(G_NEXT_PC)
}

/** object[key] := value, with metamethods. */
export function setIndex(pc: usize, object: i64, key: i64, value: i64): usize {
  let o = object
  for (let i: i32 = 0; i < MAX_CHAIN; i++) {
    if (i > FREE_LINKS) owe(1)
    let f: i64
    if (high(o) == T_TABLE) {
      const meta: usize = load<u32>(low(o), TABLE_META)
      f = meta ? fastMetamethod(meta, EVENT_NEWINDEX) : V_NIL
      if (high(f) == T_NIL) return setRaw(pc, low(o), key, value)
      let at = find(low(o), key)
      if (!at && isSealed(low(o))) at = findOpened(low(o), key)
      if (at && tagAt(at) != T_NIL) {
        store<i64>(at, value)
        touchWith(low(o), value)
        return settled(pc + 8)
      }
    } else {
      f = metamethodOf(o, EVENT_NEWINDEX)
      if (high(f) == T_NIL) return notIndexable(pc, o, i)
    }
    if (isFunctionTag(high(f))) return callNewindex(pc, f, o, key, value)
    o = f
  }
  return chainTooLong(pc, MSG_CHAIN_NEWINDEX)
}

function callNewindex(pc: usize, f: i64, o: i64, key: i64, value: i64): usize {
  store<u32>(G_PC, u32(pc))
  store<i64>(frameEnd(load<u32>(G_BASE)) + 32, value)
  return callMetaWith(link(pc + 8, FRAME_META, 0), f, o, key, 3)
}

/** t[key] := value without metamethods. */
function setRaw(pc: usize, t: usize, key: i64, value: i64): usize {
  if (high(key) == T_NIL) {
    store<u32>(G_PC, u32(pc))
    raiseMessage(MSG_INDEX_NIL, V_NIL, V_NIL)
    return load<u32>(G_NEXT_PC)
  }
  if (!set(t, key, value)) return outOfMemory(pc)
  return settled(safePoint(pc + 8))
}
