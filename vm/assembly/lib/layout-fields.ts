// Compiles layout tables, `{version = {0, 4}, …}`, to tables of field descriptors (see data-field.ts).
import {
  MEM_SCRATCH,
  MSG_BLOCK_ENDIAN,
  MSG_BLOCK_FIELD,
  MSG_BLOCK_LITTLE,
  MSG_BLOCK_NUMBER,
  MSG_BLOCK_TYPE,
  STRING_NEXT,
  T_NIL,
  T_STRING,
  T_TABLE,
  TABLE_META,
  TABLE_NODE_MASK,
  V_NIL,
} from '../../generated/layout'
import { REFUSED, within } from '../checked'
import { free } from '../memory'
import { describeType } from '../metatable'
import { raiseMessage } from '../raise'
import { bucketOf, bytesOf, hashBytes, hashOf, lengthOf, stringWord } from '../string'
import { get, getString, hasNodes, keyAt, newTable, nextPosition, reserve, set, valueAt } from '../table'
import { high, integerOf, isIntegerTag, isStringTag, low, tagged } from '../value'
import { BITS, descriptor, LITTLE, MAX_LENGTH, STRING, SWAPPED_BITS } from './data-field'

/** compileLayout has raised an error. */
export const RAISED: usize = 1

// Short names as numbers, first byte lowest.
const OFFSET_NAME: i64 = 0x74657366666f
const LENGTH_NAME: i64 = 0x6874676e656c
const TYPE_NAME: i64 = 0x65707974
const ENDIAN_NAME: i64 = 0x6e6169646e65
const LAYOUT_NAME: i64 = 0x74756f79616c
const SEGMENT_NAME: i64 = 0x746e656d676573
const NUMBER_NAME: i64 = 0x7265626d756e
const STRING_NAME: i64 = 0x676e69727473
const NET_NAME: i64 = 0x74656e
const BIG_NAME: i64 = 0x676962
const LITTLE_NAME: i64 = 0x656c7474696c
const HOST_NAME: i64 = 0x74736f68

const WRONG: i32 = -1
/** Last offset: of 2^32 less the longest number, so that no sum leaves a descriptor's 32 bits. */
const MAX_OFFSET: i64 = 0xffffffff - 64

/** A string of up to 7 bytes as a number; -1 for any other value. */
function nameOf(v: i64): i64 {
  if (high(v) != T_STRING || lengthOf(low(v)) > 7) return -1
  let name: i64 = 0
  for (let i = lengthOf(low(v)) - 1; i >= 0; i--)
    name = (name << 8) | i64(load<u8>(bytesOf(low(v)) + usize(i)))
  return name
}

/** The interned string of this name; 0 if there is none, and then no table has such a key either. */
function internedName(name: i64): usize {
  const length = (71 - i32(clz(name))) >> 3
  store<i64>(MEM_SCRATCH, name)
  const hash = hashBytes(MEM_SCRATCH, length)
  let s: usize = load<u32>(bucketOf(hash))
  while (s) {
    if (hashOf(s) == hash && nameOf(tagged(T_STRING, s)) == name) return s
    s = load<u32>(s, STRING_NEXT)
  }
  return 0
}

/** Attribute of a field: by position, or else by name. */
function attribute(spec: usize, position: i64, name: i64): i64 {
  const v = get(spec, position)
  if (high(v) != T_NIL) return v
  const s = hasNodes(spec) ? internedName(name) : 0
  return s ? getString(spec, s) : V_NIL
}

function numberKind(offset: i64, length: i32, little: bool): i32 {
  const whole = (offset & 7) == 0 && length >= 8 && (length & (length - 1)) == 0
  if (!whole) return little ? SWAPPED_BITS : BITS
  return ctz(length) - 3 + (little ? LITTLE : 0)
}

/** 1 for little, 0 for big, WRONG for anything else. The host is little-endian: WebAssembly is, and so are the kernels. */
function littleOf(endian: i64): i32 {
  if (high(endian) == T_NIL) return 0
  const name = nameOf(endian)
  if (name == NET_NAME || name == BIG_NAME) return 0
  return name == LITTLE_NAME || name == HOST_NAME ? 1 : WRONG
}

/** What a message shows of a value: strings and integers themselves, of others the type. */
function shown(v: i64): i64 {
  return isStringTag(high(v)) || isIntegerTag(high(v)) ? v : stringWord(describeType(v))
}

function fail(message: i32, about: i64): i64 {
  return refuse(message, shown(about))
}

/** The same with a value that the message can show, if it shows any. */
function refuse(message: i32, shown: i64): i64 {
  raiseMessage(message, shown, V_NIL)
  return -1
}

function numberField(offset: i64, wanted: i64, little: bool): i64 {
  const length = i32(within(wanted, 1, 64))
  if (length < 0) return refuse(MSG_BLOCK_NUMBER, V_NIL)
  const reversed = little && length > 8
  if (reversed && (length & 7) != 0) return refuse(MSG_BLOCK_LITTLE, V_NIL)
  const kind = numberKind(offset, length, reversed)
  return descriptor(kind, length, kind < STRING ? offset >> 3 : offset)
}

/** Descriptor of the field `key`; -1: raised. */
function compileField(key: i64, spec: usize): i64 {
  let offset = attribute(spec, 1, OFFSET_NAME)
  let length = attribute(spec, 2, LENGTH_NAME)
  if (!isIntegerTag(high(offset)) || !isIntegerTag(high(length))) return fail(MSG_BLOCK_FIELD, key)
  offset = integerOf(offset)
  length = integerOf(length)
  if (u64(offset) > u64(MAX_OFFSET)) return fail(MSG_BLOCK_FIELD, key)
  const type = attribute(spec, 3, TYPE_NAME)
  let endian = attribute(spec, 4, ENDIAN_NAME)
  let kind = high(type) == T_NIL ? NUMBER_NAME : nameOf(type)
  if (high(endian) == T_NIL && littleOf(type) != WRONG) {
    // Luadata's older form: {offset, length, endian}
    endian = type
    kind = NUMBER_NAME
  }
  const little = littleOf(endian)
  if (little == WRONG) return fail(MSG_BLOCK_ENDIAN, endian)
  if (kind == NUMBER_NAME) return numberField(offset, length, little == 1)
  if (kind != STRING_NAME) return fail(MSG_BLOCK_TYPE, type)
  length = within(length, 0, i64(MAX_LENGTH))
  return length == REFUSED ? fail(MSG_BLOCK_FIELD, key) : descriptor(STRING, i32(length), offset) // in range: as above
}

/** Names of methods: they stay methods, whatever a layout says. */
function isMethod(key: i64): bool {
  const name = nameOf(key)
  return name == LAYOUT_NAME || name == SEGMENT_NAME
}

/**
 * A fresh table from the names of a layout table's fields to their descriptors, with the given metatable.
 * 0: there is no room; RAISED: the layout is not valid.
 */
export function compileLayout(t: usize, meta: usize): usize {
  const compiled = newTable()
  store<u32>(compiled, u32(meta), TABLE_META)
  if (hasNodes(t) && !reserve(compiled, 0, load<i32>(t, TABLE_NODE_MASK) + 1)) {
    free(compiled)
    return 0
  }
  for (let position = nextPosition(t, 0); position; position = nextPosition(t, position)) {
    const key = keyAt(t, position)
    const spec = load<i64>(valueAt(t, position))
    if (!isStringTag(high(key)) || high(spec) != T_TABLE) {
      raiseMessage(MSG_BLOCK_FIELD, shown(key), V_NIL)
      return RAISED
    }
    const d = compileField(key, low(spec))
    if (d < 0) return RAISED
    if (!isMethod(key) && !set(compiled, key, d)) return 0
  }
  return compiled
}
