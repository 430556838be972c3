// The window on the bytes of the packet under way. It has room for the whole packet, but holds only what has been
// touched, in pieces of 64 bytes; for others the driver is asked: the slice ends, and the instruction is executed again
// once the bytes are there. What is written is marked, and the driver carries it back.
import {
  CONTROL_PACKET,
  CONTROL_WINDOW,
  MEM_CONTROL,
  MSG_PACKET_READ_ONLY,
  PACKET_ACTUAL,
  PACKET_CHUNK,
  PACKET_DIRTY,
  PACKET_FLAGS,
  PACKET_FROM,
  PACKET_IS_DIRTY,
  PACKET_LENGTH,
  PACKET_MARK,
  PACKET_PRESENT,
  PACKET_SLOT,
  PACKET_UNTIL,
  PACKET_WINDOW_BYTES,
  PACKETINFO_MARK,
  SLOT_INFO,
  SLOT_LENGTH,
  SLOTFLAG_WRITABLE,
  V_NIL,
} from '../generated/layout'
import { endSlice } from './gc'
import { raiseMessage } from './raise'

/** BLOCKHEADER_MISC of blocks over the window. */
export const OF_PACKET: i32 = 1
/** Bytes of the window for which a word of bits stands. */
const BYTES_PER_WORD: i32 = 4096

export function packetAt(): usize {
  return usize(load<u32>(MEM_CONTROL)) + CONTROL_PACKET
}

export function windowAt(): usize {
  return usize(load<u32>(MEM_CONTROL)) + CONTROL_WINDOW
}

/** The slot of the packet under way. */
export function slotOfPacket(): usize {
  return load<u32>(packetAt(), PACKET_SLOT)
}

/** Clears the bits for the first `length` bytes. */
export function clearBits(bits: usize, length: i32): void {
  store<i64>(bits, 0)
  let at = bits + 8
  for (let i: i32 = BYTES_PER_WORD; i < length; i += BYTES_PER_WORD) {
    store<i64>(at, 0)
    at += 8
  }
}

function bit(bits: usize, piece: i32): bool {
  return ((load<i32>(bits + (usize(piece >> 5) << 2)) >>> (piece & 31)) & 1) != 0
}

export function setBits(bits: usize, first: i32, last: i32): void {
  for (let piece = first; piece <= last; piece++) {
    const at = bits + (usize(piece >> 5) << 2)
    store<i32>(at, load<i32>(at) | (1 << (piece & 31)))
  }
}

/** The piece of the window that an address lies in. */
function pieceOf(at: usize): i32 {
  return i32(at - windowAt()) / PACKET_CHUNK
}

/** Are a few bytes of the window there? */
export function isThere(at: usize, bytes: i32): bool {
  const bits = packetAt() + PACKET_PRESENT
  return bit(bits, pieceOf(at)) && bit(bits, pieceOf(at + usize(bytes) - 1))
}

/**
 * Are `bytes` bytes of the window there? If not, they are asked for: the caller returns AGAIN, and will be called again
 * with the bytes in place.
 */
export function isFetched(at: usize, bytes: i32): bool {
  if (bytes <= 0) return true
  const packet = packetAt()
  if (load<i32>(packet, PACKET_FROM) < load<i32>(packet, PACKET_UNTIL)) {
    // what was asked for has not come yet
    endSlice()
    return false
  }
  const bits = packet + PACKET_PRESENT
  const last = pieceOf(at + usize(bytes) - 1)
  let piece = pieceOf(at)
  while (bit(bits, piece)) if (++piece > last) return true
  // pieces that are there may have been written
  let end = piece
  while (end < last && !bit(bits, end + 1)) end++
  fetch(piece, end)
  return false
}

/** Asks the driver for pieces of the packet. */
function fetch(first: i32, last: i32): void {
  const packet = packetAt()
  const length = load<i32>(packet, PACKET_ACTUAL)
  const until = (last + 1) * PACKET_CHUNK
  setBits(packet + PACKET_PRESENT, first, last)
  store<i32>(packet, first * PACKET_CHUNK, PACKET_FROM)
  store<i32>(packet, until < length ? until : length, PACKET_UNTIL)
  endSlice()
}

/** May the packet be changed? False: raised. */
export function checkWritable(): bool {
  if (load<i32>(packetAt(), PACKET_FLAGS) & SLOTFLAG_WRITABLE) return true
  raiseMessage(MSG_PACKET_READ_ONLY, V_NIL, V_NIL)
  return false
}

/** Notes that bytes of the window, which are there, are being changed. */
export function markDirty(at: usize, bytes: i32): void {
  const packet = packetAt()
  setBits(packet + PACKET_DIRTY, pieceOf(at), pieceOf(at + usize(bytes) - 1))
  store<i32>(packet, 1, PACKET_IS_DIRTY)
}

/** Forgets what was written, and leaves the packet under way, if there is one, as it came. */
export function discardWrites(): void {
  const packet = packetAt()
  const slot: usize = load<u32>(packet, PACKET_SLOT)
  if (!slot) return
  store<i32>(packet, load<i32>(slot, SLOT_LENGTH), PACKET_LENGTH)
  store<i32>(slot, load<i32>(packet, PACKET_MARK), SLOT_INFO + PACKETINFO_MARK)
  if (!load<i32>(packet, PACKET_IS_DIRTY)) return
  clearBits(packet + PACKET_DIRTY, PACKET_WINDOW_BYTES)
  store<i32>(packet, 0, PACKET_IS_DIRTY)
}

/** No packet is under way. */
export function endPacket(): void {
  store<u32>(packetAt(), 0, PACKET_SLOT)
}

/** Offset of the next piece that was written, which is forgotten; -1: there is none. It may lie behind the packet's end. */
export function nextDirty(): i32 {
  const packet = packetAt()
  if (!load<i32>(packet, PACKET_IS_DIRTY)) return -1
  const length = load<i32>(packet, PACKET_ACTUAL)
  const bits = packet + PACKET_DIRTY
  for (let from: i32 = 0; from < length && from < PACKET_WINDOW_BYTES; from += BYTES_PER_WORD) {
    const at = bits + usize((from / BYTES_PER_WORD) << 3)
    const word = load<i64>(at)
    if (!word) continue
    store<i64>(at, word & (word - 1))
    return from + i32(ctz<i64>(word)) * PACKET_CHUNK
  }
  store<i32>(packet, 0, PACKET_IS_DIRTY)
  return -1
}
