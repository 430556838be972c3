// Metatables and metamethods. Tables have their own metatable; other types share one per type.
import {
  BLOCKHEADER_KIND,
  EVENT_NAME,
  G_TYPE_META,
  KIND_TABLE,
  MEM_EVENT_NAMES,
  MEM_TYPE_NAMES,
  T_BIGINT,
  T_BUILTIN,
  T_CLOSURE,
  T_FALSE,
  T_HOST,
  T_LONGSTRING,
  T_MAX,
  T_NATIVE,
  T_NIL,
  T_STRING,
  T_TABLE,
  T_TRUE,
  TABLE_FLAGS,
  TABLE_META,
  V_NIL,
} from '../generated/layout'
import { findString, getString } from './table'
import { high, isStringTag, low, tagAt } from './value'

/** Slot of a type in the tables by type: tag - NIL of one of its tags; that of integers is the last. */
function typeIndex(tag: i32): i32 {
  if (tag > T_MAX || tag == T_BIGINT) return 15
  if (tag == T_LONGSTRING) return T_STRING - T_NIL
  if (tag == T_TRUE) return T_FALSE - T_NIL
  if (tag == T_BUILTIN || tag == T_HOST || tag == T_NATIVE) return T_CLOSURE - T_NIL
  return tag - T_NIL
}

/** Metatable of a value, or 0. */
export function metatableOf(v: i64): usize {
  const tag = high(v)
  if (tag == T_TABLE) return load<u32>(low(v), TABLE_META)
  return load<u32>(usize(G_TYPE_META) + usize(typeIndex(tag) << 2))
}

export function setTypeMetatable(tag: i32, meta: usize): void {
  store<u32>(usize(G_TYPE_META) + usize(typeIndex(tag) << 2), u32(meta))
}

/** String object of an event's name, such as `__index`. */
export function eventName(event: i32): usize {
  return load<u32>(usize(MEM_EVENT_NAMES) + usize(event << 2))
}

/** A metamethod with a number below 8 in a metatable that may be 0; absence is remembered there. */
export function fastMetamethod(meta: usize, event: i32): i64 {
  if (!meta || (i32(load<u8>(meta, TABLE_FLAGS)) & (1 << event)) != 0) return V_NIL
  const at = findString(meta, eventName(event))
  return at && tagAt(at) != T_NIL ? load<i64>(at) : absentMetamethod(meta, event)
}

/** A metamethod that has not been found; if it isn't there (in a sealed table it may be, see gc-weak.ts), that is noted. */
function absentMetamethod(meta: usize, event: i32): i64 {
  const f = getString(meta, eventName(event))
  if (high(f) == T_NIL) store<u8>(meta, u8(i32(load<u8>(meta, TABLE_FLAGS)) | (1 << event)), TABLE_FLAGS)
  return f
}

/** Any metamethod of a value; nil if it has none. */
export function metamethodOf(v: i64, event: i32): i64 {
  const meta = metatableOf(v)
  return meta ? getString(meta, eventName(event)) : V_NIL
}

/** String object of a type's name as `type` gives it. */
export function typeNameOf(tag: i32): usize {
  return load<u32>(usize(MEM_TYPE_NAMES) + usize(typeIndex(tag) << 2))
}

/** Type name for messages: `__name` of the metatable if it is a string. */
export function describeType(v: i64): usize {
  const meta = metatableOf(v)
  if (meta && load<u8>(meta, BLOCKHEADER_KIND) == KIND_TABLE) {
    const name = getString(meta, eventName(EVENT_NAME))
    if (isStringTag(high(name))) return low(name)
  }
  return typeNameOf(high(v))
}
