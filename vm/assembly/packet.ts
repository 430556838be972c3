// Calls of hooks with a packet: what the function gets.
import {
  BLOCK_LAYOUT,
  CLOSURE_PROTO,
  G_REGISTRY,
  PACKET_ACTUAL,
  PACKET_CHUNK,
  PACKET_DIRTY,
  PACKET_FLAGS,
  PACKET_FROM,
  PACKET_IS_DIRTY,
  PACKET_LENGTH,
  PACKET_MARK,
  PACKET_PRESENT,
  PACKET_RESIZE,
  PACKET_SLOT,
  PACKET_UNTIL,
  PACKET_WINDOW_BYTES,
  PACKETINFO_BYTES,
  PACKETINFO_LENGTH,
  PACKETINFO_MARK,
  PACKETKIND_IP,
  PROTO_PARAMETERS,
  PROTO_VARARG,
  REGISTRY_PACKET_INFO,
  SLOT_END,
  SLOT_FLAGS,
  SLOT_INFO,
  SLOT_KIND,
  SLOT_KNOWN,
  SLOT_LENGTH,
  SLOT_NETWORK,
  SLOT_PAYLOAD,
  T_CLOSURE,
  T_TABLE,
  V_NIL,
} from '../generated/layout'
import { newLentBlock, newPacketBlock } from './lib/data'
import { clearBits, packetAt, windowAt } from './packet-window'
import { get } from './table'
import { high, low } from './value'

/** Arguments of a function that takes all of them. */
const ALL: i32 = 4

/** Begins with the packet in a slot, whose first bytes the driver has put into the window, too. */
function takePacket(slot: usize): void {
  const packet = packetAt()
  const length = load<i32>(slot, SLOT_LENGTH)
  const shown = length < PACKET_WINDOW_BYTES ? length : PACKET_WINDOW_BYTES
  clearBits(packet + PACKET_PRESENT, shown)
  if (load<i32>(packet, PACKET_IS_DIRTY)) {
    clearBits(packet + PACKET_DIRTY, PACKET_WINDOW_BYTES)
    store<i32>(packet, 0, PACKET_IS_DIRTY)
  }
  store<u32>(packet, u32(slot), PACKET_SLOT)
  store<i32>(packet, length, PACKET_LENGTH)
  store<i32>(packet, length, PACKET_ACTUAL)
  store<i32>(packet, load<i32>(slot, SLOT_INFO + PACKETINFO_MARK), PACKET_MARK)
  store<i32>(packet, 0, PACKET_FROM)
  store<i32>(packet, 0, PACKET_UNTIL)
  store<i32>(packet, 0, PACKET_RESIZE)
  store<i32>(packet, load<i32>(slot, SLOT_FLAGS), PACKET_FLAGS)
  store<i32>(slot, length, SLOT_INFO + PACKETINFO_LENGTH)
  const known = load<i32>(slot, SLOT_KNOWN)
  // a piece of which a part is missing is fetched as a whole
  const pieces = known == length ? (known + PACKET_CHUNK - 1) / PACKET_CHUNK : known / PACKET_CHUNK
  store<i32>(packet, (1 << pieces) - 1, PACKET_PRESENT)
}

/** A block over the window from one offset to another. */
function partOf(from: i32, to: i32): i64 {
  return newPacketBlock(windowAt() + usize(from), to > from ? to - from : 0)
}

/** The block about the packet, with its fields. */
function infoOf(slot: usize): i64 {
  const word = newLentBlock(slot + SLOT_INFO, PACKETINFO_BYTES)
  const layout = get(load<u32>(G_REGISTRY), i64(REGISTRY_PACKET_INFO))
  if (high(layout) == T_TABLE) store<u32>(low(word), u32(low(layout)), BLOCK_LAYOUT)
  return word
}

/** How many of the arguments a function can use. */
function wanted(f: i64): i32 {
  if (high(f) != T_CLOSURE) return ALL
  const proto: usize = load<u32>(low(f), CLOSURE_PROTO)
  const parameters: i32 = load<u8>(proto, PROTO_PARAMETERS)
  return load<u8>(proto, PROTO_VARARG) || parameters > ALL ? ALL : parameters
}

/** Writes what function `f` is called with to `at`: headers, payload, the packet, link layer. How many values. */
export function lendPacket(slot: usize, at: usize, f: i64): i32 {
  takePacket(slot)
  const count = wanted(f)
  const network = load<i32>(slot, SLOT_NETWORK)
  const end = load<i32>(slot, SLOT_END)
  const shown = end < PACKET_WINDOW_BYTES ? end : PACKET_WINDOW_BYTES
  const payload = load<i32>(slot, SLOT_PAYLOAD)
  store<i64>(at, partOf(network, payload < shown ? payload : shown))
  if (count > 1) {
    const isIp = load<i32>(slot, SLOT_KIND) == PACKETKIND_IP
    store<i64>(at, isIp ? partOf(payload, shown) : V_NIL, 8)
  }
  if (count > 2) store<i64>(at, infoOf(slot), 16)
  if (count > 3) store<i64>(at, network ? partOf(0, network) : V_NIL, 24)
  return count
}
