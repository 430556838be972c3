// The buffer in which library functions build strings: a raw block that grows by doubling. Its bytes lie
// where a long string has them, so that a large result becomes a string without being copied.
//
// Its contents last until the next function that builds one; whoever runs out of room in the middle
// starts anew when its call is executed again.
import {
  BLOCKHEADER_KIND,
  G_BUFFER,
  G_BUFFER_LENGTH,
  G_BUFFER_SIZE,
  G_GC_WHITE,
  KIND_LONGSTRING,
  LIMIT_SHORT_STRING,
  LONGSTRING_HASHED,
  STRING_DATA,
  STRING_LENGTH,
} from '../generated/layout'
import { copyBytes, cutBlock, free, sizeOf, tryRaw } from './memory'
import { intern, lengthOf, tryString } from './string'

/** Size of the buffer's bytes to begin with. */
const FIRST: i32 = 236
/** Results of this length become strings in place. */
const IN_PLACE: i32 = 200
/** Smallest block that is worth cutting off. */
const WORTH_CUTTING: i32 = 32

/** Empties the buffer. */
export function resetBuffer(): void {
  store<i32>(G_BUFFER_LENGTH, 0)
}

/** Number of bytes in the buffer. */
export function bufferLength(): i32 {
  return load<i32>(G_BUFFER_LENGTH)
}

/** Address of the buffer's first byte; changes when it grows. */
export function bufferBytes(): usize {
  return usize(load<u32>(G_BUFFER)) + STRING_DATA
}

/** Frees the buffer's memory. */
export function dropBuffer(): void {
  const block: usize = load<u32>(G_BUFFER)
  if (block) free(block)
  store<u32>(G_BUFFER, 0)
  store<i32>(G_BUFFER_SIZE, 0)
  store<i32>(G_BUFFER_LENGTH, 0)
}

/** Moves the buffer to a block with room for `needed` bytes; false, with the buffer gone, without room. */
function growBuffer(needed: i32): bool {
  let size = load<i32>(G_BUFFER_SIZE) << 1
  if (size < FIRST) size = FIRST
  if (size < needed) size = needed
  let block = tryRaw(STRING_DATA + size)
  if (!block && size > needed) block = tryRaw(STRING_DATA + needed)
  if (!block) {
    dropBuffer()
    return false
  }
  const old: usize = load<u32>(G_BUFFER)
  if (old) {
    copyBytes(block + STRING_DATA, old + STRING_DATA, load<i32>(G_BUFFER_LENGTH))
    free(old)
  }
  store<u32>(G_BUFFER, u32(block))
  store<i32>(G_BUFFER_SIZE, sizeOf(block) - STRING_DATA)
  return true
}

/** Makes room for so many more bytes. False: no room, and the buffer is lost. */
export function reserveBuffer(more: i32): bool {
  const needed = load<i32>(G_BUFFER_LENGTH) + more
  if (u32(needed) <= u32(load<i32>(G_BUFFER_SIZE))) return true
  return needed >= 0 && growBuffer(needed)
}

/** Appends a byte for which there is room. */
export function putByte(byte: i32): void {
  const length = load<i32>(G_BUFFER_LENGTH)
  store<u8>(bufferBytes() + usize(length), u8(byte))
  store<i32>(G_BUFFER_LENGTH, length + 1)
}

/** Appends bytes for which there is room. */
export function putBytes(from: usize, bytes: i32): void {
  const length = load<i32>(G_BUFFER_LENGTH)
  copyBytes(bufferBytes() + usize(length), from, bytes)
  store<i32>(G_BUFFER_LENGTH, length + bytes)
}

/** Appends a byte. False: no room, and the buffer is lost. */
export function appendByte(byte: i32): bool {
  if (!reserveBuffer(1)) return false
  putByte(byte)
  return true
}

/** Appends bytes that lie outside the buffer. False: no room, and the buffer is lost. */
export function appendBytes(from: usize, bytes: i32): bool {
  if (!reserveBuffer(bytes)) return false
  putBytes(from, bytes)
  return true
}

/** The buffer's contents as a string object, 0 without room; the buffer is empty then. */
export function bufferToString(): usize {
  const length = load<i32>(G_BUFFER_LENGTH)
  store<i32>(G_BUFFER_LENGTH, 0)
  if (length <= LIMIT_SHORT_STRING) return intern(bufferBytes(), length)
  if (length < IN_PLACE) return tryString(bufferBytes(), length)
  return takeBuffer(length)
}

/** Cuts off what a long string's block has beyond its bytes. */
export function cutString(s: usize): void {
  const size = sizeOf(s)
  const kept = (STRING_DATA + lengthOf(s) + 7) & ~7
  if (size - kept < WORTH_CUTTING) return
  cutBlock(s, kept)
}

/** Makes the buffer's block the string. */
function takeBuffer(length: i32): usize {
  const s: usize = load<u32>(G_BUFFER)
  store<i32>(s, KIND_LONGSTRING | (load<i32>(G_GC_WHITE) << 8), BLOCKHEADER_KIND)
  store<i32>(s, length, STRING_LENGTH)
  store<i32>(s, 0, LONGSTRING_HASHED)
  store<u32>(G_BUFFER, 0)
  store<i32>(G_BUFFER_SIZE, 0)
  cutString(s)
  return s
}
