// Composing messages in the scratch area: templates of the message table with %1 and %2 replaced, the
// position of a function, numbers. What does not fit is cut.
import {
  CLOSURE_PROTO,
  G_MESSAGES,
  G_NAMES,
  LIMIT_SHORT_STRING,
  MEM_SCRATCH,
  MEM_SCRATCH_BYTES,
  MSG_CHUNK_TEXT,
  MSG_CHUNK_TEXT_END,
  MSG_DOTS,
  PROTO_LINE_OFFSET,
  PROTO_NAME_OFFSET,
  PROTO_WORDS,
  T_CLOSURE,
  V_NIL,
} from '../generated/layout'
import { lineAt, sourceOf, wordIndex } from './debug-info'
import { copyBytes } from './memory'
import { bytesOf, intern, lengthOf, stringWord, sureString, tryLongString } from './string'
import { high, integerOf, isStringTag, low, objectAt, tagAt } from './value'

/** Length so far, kept in the first word of the scratch area; the text follows. */
const TEXT: usize = MEM_SCRATCH + 8
const ROOM: i32 = MEM_SCRATCH_BYTES - 8
/** Bytes of a message for which there is always room. */
const LONGEST_SURE: i32 = 200
/** Bytes of a chunk's name in messages (LUA_IDSIZE - 1). */
const ID_SIZE: i32 = 59

export function startMessage(): void {
  store<i32>(MEM_SCRATCH, 0)
}

/** The composed text, without a string object for it. */
export function composedAt(): usize {
  return TEXT
}

export function composedLength(): i32 {
  return load<i32>(MEM_SCRATCH)
}

export function putByte(c: i32): void {
  const n = load<i32>(MEM_SCRATCH)
  if (n >= ROOM) return
  store<u8>(TEXT + usize(n), u8(c))
  store<i32>(MEM_SCRATCH, n + 1)
}

export function putBytes(at: usize, length: i32): void {
  for (let i: i32 = 0; i < length; i++) putByte(load<u8>(at + usize(i)))
}

export function putString(s: usize): void {
  putBytes(bytesOf(s), lengthOf(s))
}

export function putInteger(i: i64): void {
  let n: u64 = u64(i)
  if (i < 0) {
    putByte(45)
    n = u64(0) - n
  }
  let divisor: u64 = 1
  while (n / divisor >= 10) divisor *= 10
  while (divisor > 0) {
    putByte(48 + i32((n / divisor) % 10))
    divisor /= 10
  }
}

/** A string or an integer. */
function putValue(v: i64): void {
  if (isStringTag(high(v))) putString(low(v))
  else putInteger(integerOf(v))
}

/** Where the template with this number begins; its length is in the halfword before. */
function template(message: i32): usize {
  const blob: usize = load<u32>(G_MESSAGES)
  return blob + 8 + usize(load<u16>(blob + 8 + (usize(message) << 1)))
}

/** A template with its operands. */
export function putMessage(message: i32, a: i64, b: i64): void {
  const at = template(message)
  const length: i32 = load<u16>(at)
  for (let i: i32 = 0; i < length; i++) {
    const c: i32 = load<u8>(at + 2 + usize(i))
    if (c != 37) {
      putByte(c)
      continue
    }
    i++
    const d: i32 = load<u8>(at + 2 + usize(i))
    if (d == 49) putValue(a)
    else if (d == 50) putValue(b)
    else putByte(d)
  }
}

/** The chunk's name as messages show it (the rules of luaO_chunkid). */
export function putChunkName(source: usize): void {
  const at = bytesOf(source)
  const length = lengthOf(source)
  const first: i32 = length > 0 ? i32(load<u8>(at)) : 0
  if (first == 61) {
    putBytes(at + 1, length - 1 < ID_SIZE ? length - 1 : ID_SIZE)
    return
  }
  if (first == 64) {
    if (length - 1 <= ID_SIZE) {
      putBytes(at + 1, length - 1)
      return
    }
    putDots()
    putBytes(at + usize(length - ID_SIZE + 3), ID_SIZE - 3)
    return
  }
  putChunkText(at, length)
}

function putDots(): void {
  putMessage(MSG_DOTS, V_NIL, V_NIL)
}

/** [string "first line..."] */
function putChunkText(at: usize, length: i32): void {
  const room = ID_SIZE - 14
  let line: i32 = 0
  while (line < length && line <= room && load<u8>(at + usize(line)) != 10) line++
  putMessage(MSG_CHUNK_TEXT, V_NIL, V_NIL)
  const whole = line == length && length < room
  putBytes(at, line < room ? line : room)
  if (!whole) putDots()
  putMessage(MSG_CHUNK_TEXT_END, V_NIL, V_NIL)
}

/** Is the proto of the library written in Lua, which has no lines? Such functions look like C functions to scripts. */
export function isLibrary(proto: usize): bool {
  return load<u32>(proto, PROTO_LINE_OFFSET) == load<u32>(proto, PROTO_NAME_OFFSET)
}

/** `chunk:line: ` if the frame at `base`, executing `pc`, is that of a Lua function. */
export function putPosition(base: usize, pc: usize): void {
  if (tagAt(base - 16) != T_CLOSURE) return
  const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
  const word = wordIndex(proto, pc)
  if (word < 0 || word >= load<i32>(proto, PROTO_WORDS) || isLibrary(proto)) return
  putChunkName(sourceOf(proto))
  putByte(58)
  putInteger(i64(lineAt(proto, word)))
  putByte(58)
  putByte(32)
}

/** String object of a library function's short name. */
export function builtinName(id: i32): usize {
  const blob = usize(load<u32>(G_NAMES)) + 8
  const at = blob + usize(load<u16>(blob + (usize(id) << 1)))
  return intern(at + 2, load<u16>(at))
}

/** The composed text as a string object; without room for a long one, its first bytes. */
export function takeMessage(): usize {
  const length = load<i32>(MEM_SCRATCH)
  if (length <= LIMIT_SHORT_STRING) return intern(TEXT, length)
  let s = tryLongString(length)
  if (!s) s = sureString(length < LONGEST_SURE ? length : LONGEST_SURE)
  copyBytes(bytesOf(s), TEXT, lengthOf(s))
  return s
}

/** A message without operands as a string word. */
export function messageText(message: i32): i64 {
  startMessage()
  putMessage(message, V_NIL, V_NIL)
  return stringWord(takeMessage())
}

/**
 * A string error with the position of the frame at `base`, executing `pc`; the same word if there is none.
 * 0: no room.
 */
export function withPosition(base: usize, pc: usize, v: i64): i64 {
  startMessage()
  putPosition(base, pc)
  const before = load<i32>(MEM_SCRATCH)
  if (!before) return v
  const length = lengthOf(low(v))
  if (before + length <= LIMIT_SHORT_STRING) {
    putString(low(v))
    return stringWord(takeMessage())
  }
  const s = tryLongString(before + length)
  if (!s) return 0
  copyBytes(bytesOf(s), TEXT, before)
  copyBytes(bytesOf(s) + usize(before), bytesOf(low(v)), length)
  return stringWord(s)
}
