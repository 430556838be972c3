// Methods of the blocks over a packet: checksums, addresses and ports, its size. Checksums are those of RFC 1071, kept
// right by the rule of RFC 1624. Where the device completes the transport checksum (CHECKSUM_PARTIAL of the kernel's
// include/linux/skbuff.h) its field holds the sum of the pseudo-header, not complemented.
import {
  BLOCK_ADDRESS,
  BLOCK_LENGTH,
  BLOCKHEADER_MISC,
  MSG_NEGATIVE_ARGUMENT,
  MSG_PACKET_ADDRESS,
  MSG_PACKET_EXPECTED,
  MSG_PACKET_FIELD,
  MSG_PACKET_SIZE,
  PACKET_ACTUAL,
  PACKET_CHUNK,
  PACKET_FLAGS,
  PACKET_LENGTH,
  PACKET_PRESENT,
  PACKET_RESIZE,
  PACKET_WINDOW_BYTES,
  PACKETINFO_LENGTH,
  SLOT_DESTINATION,
  SLOT_END,
  SLOT_FAMILY,
  SLOT_INFO,
  SLOT_LATER,
  SLOT_NETWORK,
  SLOT_PAYLOAD,
  SLOT_PROTOCOL,
  SLOT_SOURCE,
  SLOT_TRANSPORT,
  SLOTFLAG_PARTIAL,
  V_NIL,
} from '../../generated/layout'
import {
  AGAIN,
  CONTROL,
  charge,
  checkInteger,
  checkOptionalInteger,
  integerArgument,
  one,
  optionalInteger,
  result,
} from '../arguments'
import { cut, REFUSED, sum, within } from '../checked'
import { endSlice } from '../gc'
import {
  checkWritable,
  isFetched,
  markDirty,
  OF_PACKET,
  packetAt,
  setBits,
  slotOfPacket,
  windowAt,
} from '../packet-window'
import { raiseArgument, raiseArgumentType } from '../raise'
import { bytesOf, lengthOf } from '../string'
import { boolean, isStringTag, objectAt, tagAt } from '../value'
import { blockArgument, newPacketBlock, segmentOf } from './data'

const ICMP: i32 = 1
const TCP: i32 = 6
const UDP: i32 = 17
const ICMP6: i32 = 58
const UDP_LITE: i32 = 136

/** Adds the 16-bit words of `bytes` bytes to a sum, as the machine has them; an odd last byte is padded. */
function addWords(sum: i64, at: usize, bytes: i32): i64 {
  let s = sum
  let from = at
  let left = bytes
  for (; left >= 4; left -= 4) {
    s += i64(load<u32>(from))
    from += 4
  }
  if (left >= 2) {
    s += i64(load<u16>(from))
    from += 2
    left -= 2
  }
  return left ? s + i64(load<u8>(from)) : s
}

/** A sum as 16 bits. */
function fold(sum: i64): i32 {
  let s = (sum & 0xffffffff) + (sum >>> 32)
  s = (s & 0xffff) + (s >>> 16)
  s = (s & 0xffff) + (s >>> 16)
  s = (s & 0xffff) + (s >>> 16)
  return i32(s)
}

function swap(n: i32): i32 {
  return i32(bswap<u16>(u16(n)))
}

/** block:sum([initial]): the ones' complement sum of the bytes as big-endian 16-bit words. */
export function packetSum(args: usize, count: i32): i32 {
  const block = blockArgument(args, count)
  if (!block || !checkOptionalInteger(args, count, 1)) return CONTROL
  const bytes = load<i32>(block, BLOCK_LENGTH)
  const at: usize = load<u32>(block, BLOCK_ADDRESS)
  if (load<u16>(block, BLOCKHEADER_MISC) == OF_PACKET && !isFetched(at, bytes)) return AGAIN
  if (!charge(i64(bytes >> 4))) return AGAIN
  const words = swap(fold(addWords(0, at, bytes)))
  return one(args, i64(fold(i64(words) + i64(u32(optionalInteger(args, count, 1, 0)))))) // a value: a sum of 32 bits
}

/** Is the block the headers of the packet under way? */
function isHeaders(block: usize): bool {
  if (load<u16>(block, BLOCKHEADER_MISC) != OF_PACKET) return false
  const slot = slotOfPacket()
  const network = windowAt() + usize(load<i32>(slot, SLOT_NETWORK))
  return load<i32>(slot, SLOT_FAMILY) != 0 && usize(load<u32>(block, BLOCK_ADDRESS)) == network
}

/** Is argument 0 the headers of the packet under way? False: raised. */
function checkHeaders(args: usize, count: i32): bool {
  const block = blockArgument(args, count)
  if (!block) return false
  if (isHeaders(block)) return true
  raiseArgumentType(args, count, 0, MSG_PACKET_EXPECTED)
  return false
}

/**
 * hdr:transport(): the part with the transport header, and its protocol; nil where there is none, false where the block
 * isn't the headers of the packet under way.
 */
export function packetTransport(args: usize, count: i32): i32 {
  const block = blockArgument(args, count)
  if (!block) return CONTROL
  if (!isHeaders(block)) return one(args, boolean(false))
  const slot = slotOfPacket()
  const at = load<i32>(slot, SLOT_TRANSPORT)
  const end = load<i32>(slot, SLOT_PAYLOAD)
  if (load<i32>(slot, SLOT_LATER) || at >= end) return one(args, V_NIL)
  const part = segmentOf(objectAt(args), at - load<i32>(slot, SLOT_NETWORK), end - at)
  result(args, 1, i64(load<i32>(slot, SLOT_PROTOCOL)))
  result(args, 0, part)
  return 2
}

/** Where the transport checksum is, from the start of its header; 0: it has none over the whole packet. */
function checksumOffset(protocol: i32): i32 {
  if (protocol == TCP) return 16
  if (protocol == UDP || protocol == UDP_LITE) return 6
  return protocol == ICMP || protocol == ICMP6 ? 2 : 0
}

/** Puts a change of the words that a checksum covers into it: the difference of the sums, as the machine has them. */
function adjust(at: usize, difference: i64, isPartial: bool): void {
  const old = i32(load<u16>(at))
  const sum = fold(i64(isPartial ? old : ~old & 0xffff) + difference)
  store<u16>(at, u16(isPartial ? sum : ~sum))
  markDirty(at, 2)
}

/** The same for the transport checksum, which covers the addresses as part of the pseudo-header, and the rest. */
function adjustTransport(difference: i64, isPseudo: bool): void {
  const slot = slotOfPacket()
  const protocol = load<i32>(slot, SLOT_PROTOCOL)
  const offset = checksumOffset(protocol)
  if (load<i32>(slot, SLOT_LATER) || !offset || (isPseudo && protocol == ICMP)) return
  const at = windowAt() + usize(load<i32>(slot, SLOT_TRANSPORT) + offset)
  const isPartial = (load<i32>(packetAt(), PACKET_FLAGS) & SLOTFLAG_PARTIAL) != 0
  if (isPartial && !isPseudo) return
  const isUdp = protocol == UDP
  if (isUdp && !isPartial && !load<u16>(at)) return // sent without a checksum
  adjust(at, difference, isPartial)
  if (isUdp && !isPartial && !load<u16>(at)) store<u16>(at, 0xffff)
}

/** The difference that new bytes make to a sum. */
function difference(at: usize, from: usize, bytes: i32): i64 {
  return addWords(0, from, bytes) + i64(~fold(addWords(0, at, bytes)) & 0xffff)
}

/** Writes an address of 4 or 16 bytes, which lie at `from`. */
function writeAddress(at: usize, from: usize, bytes: i32): void {
  const change = difference(at, from, bytes)
  for (let i: usize = 0; i < usize(bytes); i += 4) store<u32>(at + i, load<u32>(from + i))
  markDirty(at, bytes)
  if (bytes == 4) adjust(windowAt() + usize(load<i32>(slotOfPacket(), SLOT_NETWORK)) + 10, change, false)
  adjustTransport(change, true)
}

/** Where a field of 16 bits is that tells flows apart: ports, or the identifier of an echo. 0: there is none. */
function flowField(slot: usize, what: i32): i32 {
  if (load<i32>(slot, SLOT_LATER)) return 0
  const at = load<i32>(slot, SLOT_TRANSPORT)
  const protocol = load<i32>(slot, SLOT_PROTOCOL)
  if (protocol == TCP || protocol == UDP || protocol == UDP_LITE) return at + (what << 1)
  const type = i32(load<u8>(windowAt() + usize(at)))
  const isEcho =
    (protocol == ICMP && (type == 8 || type == 0)) || (protocol == ICMP6 && (type == 128 || type == 129))
  return isEcho ? at + 4 : 0
}

function rewritePort(args: usize, slot: usize, what: i32): i32 {
  const field = flowField(slot, what)
  if (!field) return one(args, boolean(false))
  const at = windowAt() + usize(field)
  const port = swap(cut(integerArgument(args, 2), 16))
  const change = i64(port) + i64(~i32(load<u16>(at)) & 0xffff)
  store<u16>(at, u16(port))
  markDirty(at, 2)
  adjustTransport(change, false)
  return one(args, boolean(true))
}

function rewriteAddress(args: usize, count: i32, slot: usize, what: i32): i32 {
  const at = windowAt() + usize(what ? load<i32>(slot, SLOT_DESTINATION) : load<i32>(slot, SLOT_SOURCE))
  if (load<i32>(slot, SLOT_FAMILY) == 6) {
    if (count < 3 || !isStringTag(tagAt(args + 16)) || lengthOf(objectAt(args + 16)) != 16)
      return raiseArgument(3, MSG_PACKET_ADDRESS)
    writeAddress(at, bytesOf(objectAt(args + 16)), 16)
    return one(args, boolean(true))
  }
  if (!checkInteger(args, count, 2)) return CONTROL
  // the slot of the argument holds the bytes while they are written
  store<u32>(args + 16, bswap<u32>(u32(cut(integerArgument(args, 2), 32))))
  writeAddress(at, args + 16, 4)
  return one(args, boolean(true))
}

/**
 * hdr:rewrite(what, value): the source address (0), destination address (1), source port (2) or destination port (3),
 * with the checksums kept right. False where the packet has no such field.
 */
export function packetRewrite(args: usize, count: i32): i32 {
  if (!checkHeaders(args, count) || !checkInteger(args, count, 1) || !checkWritable()) return CONTROL
  const what = i32(within(integerArgument(args, 1), 0, 3))
  if (what < 0) return raiseArgument(2, MSG_PACKET_FIELD)
  const slot = slotOfPacket()
  if (what < 2) return rewriteAddress(args, count, slot, what)
  return checkInteger(args, count, 2) ? rewritePort(args, slot, what - 2) : CONTROL
}

/** Sum of the pseudo-header of the transport protocol, for `bytes` bytes above IP. */
function pseudoSum(slot: usize, bytes: i32): i64 {
  const length: i32 = load<i32>(slot, SLOT_FAMILY) == 6 ? 16 : 4
  const source = windowAt() + usize(load<i32>(slot, SLOT_SOURCE))
  const destination = windowAt() + usize(load<i32>(slot, SLOT_DESTINATION))
  const sum = addWords(addWords(0, source, length), destination, length)
  return sum + i64(swap(bytes & 0xffff)) + i64(swap(bytes >>> 16)) + i64(swap(load<i32>(slot, SLOT_PROTOCOL)))
}

/** Bytes of the packet as its IP header has them, from the network layer on. */
function bytesByHeader(slot: usize): i32 {
  const at = windowAt() + usize(load<i32>(slot, SLOT_NETWORK))
  const isIp6 = load<i32>(slot, SLOT_FAMILY) == 6
  const field = swap(i32(load<u16>(at + (isIp6 ? 4 : 2)))) + (isIp6 ? 40 : 0)
  const most = load<i32>(packetAt(), PACKET_LENGTH) - load<i32>(slot, SLOT_NETWORK)
  return field > most || field <= (isIp6 ? 40 : 0) ? most : field
}

/** Makes the header checksum of IPv4 anew. */
function sealHeader(slot: usize): void {
  const at = windowAt() + usize(load<i32>(slot, SLOT_NETWORK))
  store<u16>(at, 0, 10)
  store<u16>(at, u16(~fold(addWords(0, at, i32(load<u8>(at) & 15) << 2))), 10)
  markDirty(at + 10, 2)
}

/** Is it a whole packet, no fragment? */
function isWhole(slot: usize): bool {
  if (load<i32>(slot, SLOT_LATER)) return false
  const at = windowAt() + usize(load<i32>(slot, SLOT_NETWORK))
  return load<i32>(slot, SLOT_FAMILY) == 6 || (load<u8>(at, 6) & 0x20) == 0
}

/** hdr:seal(): makes all checksums of the packet anew. */
export function packetSeal(args: usize, count: i32): i32 {
  if (!checkHeaders(args, count) || !checkWritable()) return CONTROL
  const slot = slotOfPacket()
  const protocol = load<i32>(slot, SLOT_PROTOCOL)
  const offset = isWhole(slot) ? checksumOffset(protocol) : 0
  const at = windowAt() + usize(load<i32>(slot, SLOT_TRANSPORT))
  const bytes = bytesByHeader(slot) - (load<i32>(slot, SLOT_TRANSPORT) - load<i32>(slot, SLOT_NETWORK))
  const isPartial = (load<i32>(packetAt(), PACKET_FLAGS) & SLOTFLAG_PARTIAL) != 0
  // a script may have written a length that ends before the transport header
  if (offset && !isPartial && bytes > 0) {
    if (!isFetched(at, bytes)) return AGAIN
    if (!charge(i64(bytes >> 4))) return AGAIN
  }
  if (load<i32>(slot, SLOT_FAMILY) == 4) sealHeader(slot)
  if (!offset || bytes < offset + 2) return 0
  const field = at + usize(offset)
  const pseudo = protocol == ICMP ? 0 : pseudoSum(slot, bytes)
  store<u16>(field, 0)
  let sum = isPartial ? fold(pseudo) : ~fold(addWords(pseudo, at, bytes)) & 0xffff
  if (protocol == UDP && !sum) sum = 0xffff
  store<u16>(field, u16(sum))
  markDirty(field, 2)
  return 0
}

/** Bytes from `from` to `to` of the window become zero. */
function clearWindow(from: i32, to: i32): void {
  const packet = packetAt()
  const window = windowAt()
  for (let i = from; i < to; i++) store<u8>(window + usize(i), 0)
  setBits(packet + PACKET_PRESENT, from / PACKET_CHUNK, (to - 1) / PACKET_CHUNK)
  markDirty(window + usize(from), to - from)
}

/** The packet gets a length for which it has the bytes: the new payload. */
function resized(args: usize, slot: usize, length: i32): i32 {
  const packet = packetAt()
  const old = load<i32>(packet, PACKET_LENGTH)
  if (length > old) clearWindow(old, length)
  store<i32>(packet, length, PACKET_LENGTH)
  store<i32>(slot, length, SLOT_END)
  store<i32>(slot, length, SLOT_INFO + PACKETINFO_LENGTH)
  const payload = load<i32>(slot, SLOT_PAYLOAD)
  return one(args, newPacketBlock(windowAt() + usize(payload), length - payload))
}

/** pld:resize(n): gives the packet's payload n bytes. The new payload, nil where that can't be done. */
export function packetResize(args: usize, count: i32): i32 {
  const block = blockArgument(args, count)
  if (!block || !checkInteger(args, count, 1)) return CONTROL
  if (load<u16>(block, BLOCKHEADER_MISC) != OF_PACKET)
    return raiseArgumentType(args, count, 0, MSG_PACKET_EXPECTED)
  if (!checkWritable()) return CONTROL
  const packet = packetAt()
  const slot = slotOfPacket()
  const state = load<i32>(packet, PACKET_RESIZE)
  if (state < 0) {
    store<i32>(packet, 0, PACKET_RESIZE)
    return state == -1 ? one(args, V_NIL) : resized(args, slot, load<i32>(packet, PACKET_ACTUAL))
  }
  const n = integerArgument(args, 1)
  if (n < 0) return raiseArgument(2, MSG_NEGATIVE_ARGUMENT)
  const wanted = within(sum(n, i64(load<i32>(slot, SLOT_PAYLOAD))), 0, i64(PACKET_WINDOW_BYTES))
  if (wanted == REFUSED) return raiseArgument(2, MSG_PACKET_SIZE)
  const length = load<i32>(packet, PACKET_LENGTH)
  if (!charge(wanted >> 4)) return AGAIN
  // new bytes lie in the same piece as the last ones
  if (wanted > i64(length) && length > 0 && !isFetched(windowAt() + usize(length) - 1, 1)) return AGAIN
  // it is cut off when the call has ended well
  if (wanted <= i64(load<i32>(packet, PACKET_ACTUAL))) return resized(args, slot, i32(wanted))
  store<i32>(packet, i32(wanted), PACKET_RESIZE)
  endSlice()
  return AGAIN
}
