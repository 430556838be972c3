// The allocator: blocks in address order, free ones in bins by size. It never collects and never needs
// more memory than the state has; sweeping (gc-sweep.ts) joins free neighbours.
//
// Objects of a fixed, small size may use the last RESERVE bytes of the memory, so that an instruction that
// has begun can finish; the collector then runs at the next safe point. Other blocks may be refused (0), and
// whoever asked has its instruction executed again after a full collection, or raises "not enough memory".
import {
  BLOCKHEADER_KIND,
  BLOCKHEADER_SIZE,
  G_ALLOC_FAIL_AT,
  G_BINMAP,
  G_BINS,
  G_GC_DEBT,
  G_GC_STRESS,
  G_GC_WHITE,
  G_HEAP_TOP,
  G_LIMIT,
  G_PEAK,
  G_USED,
  KIND_FREE,
  KIND_RAW,
} from '../generated/layout'

/** Blocks up to this size have a bin of their own size. */
const SMALL: i32 = 504
/** Bin of the blocks that are larger. */
const LARGE_BIN: i32 = 64
/** Memory that only newObject may use: untouched memory, or else a free block of this size. */
export const RESERVE: i32 = 2048
/** Debt that makes the next safe point collect completely. */
export const URGENT: i32 = 0x40000000
/** Free blocks: next and previous in their bin. */
const NEXT: i32 = 8
const PREVIOUS: i32 = 12
const SMALLEST: i32 = 16
/** Blocks looked at before untouched memory is used, and at the most. */
const FEW: i32 = 16
const MAX_SEARCH: i32 = 100000

function binOf(size: i32): i32 {
  return size > SMALL ? LARGE_BIN : size >> 3
}

/** Puts a block into the bin of its size. */
export function addFree(block: usize, size: i32): void {
  store<i32>(block, size, BLOCKHEADER_SIZE)
  store<i32>(block, KIND_FREE, BLOCKHEADER_KIND)
  const bin = binOf(size)
  const head: usize = usize(G_BINS + (bin << 2))
  const next: usize = load<u32>(head)
  store<u32>(block, u32(next), NEXT)
  store<u32>(block, 0, PREVIOUS)
  if (next) store<u32>(next, u32(block), PREVIOUS)
  store<u32>(head, u32(block))
  if (bin < LARGE_BIN) store<i64>(G_BINMAP, load<i64>(G_BINMAP) | (i64(1) << bin))
}

/** Takes a block out of its bin. */
export function removeFree(block: usize): void {
  const next: usize = load<u32>(block, NEXT)
  const previous: usize = load<u32>(block, PREVIOUS)
  if (next) store<u32>(next, u32(previous), PREVIOUS)
  if (previous) {
    store<u32>(previous, u32(next), NEXT)
    return
  }
  const bin = binOf(load<i32>(block, BLOCKHEADER_SIZE))
  store<u32>(usize(G_BINS + (bin << 2)), u32(next))
  if (bin < LARGE_BIN && !next) store<i64>(G_BINMAP, load<i64>(G_BINMAP) & ~(i64(1) << bin))
}

/** Takes the first block out of a small bin, which is not empty. */
function takeFirst(bin: i32): usize {
  const head: usize = usize(G_BINS + (bin << 2))
  const block: usize = load<u32>(head)
  const next: usize = load<u32>(block, NEXT)
  store<u32>(head, u32(next))
  if (next) store<u32>(next, 0, PREVIOUS)
  else store<i64>(G_BINMAP, load<i64>(G_BINMAP) & ~(i64(1) << bin))
  return block
}

/** Takes a free block and cuts it to `size` bytes; the rest stays free. */
function carve(block: usize, size: i32): void {
  const rest = load<i32>(block, BLOCKHEADER_SIZE) - size
  removeFree(block)
  if (rest < SMALLEST) return
  store<i32>(block, size, BLOCKHEADER_SIZE)
  addFree(block + size, rest)
}

/** The first of the larger free blocks that fits, among the first `tries`; 0 if there is none. */
function searchLarge(size: i32, tries: i32): usize {
  let block: usize = load<u32>(usize(G_BINS + (LARGE_BIN << 2)))
  for (let left = tries; block && left > 0; left--) {
    if (load<i32>(block, BLOCKHEADER_SIZE) >= size) return block
    block = load<u32>(block, NEXT)
  }
  return 0
}

/** The first block of the smallest bin of larger blocks, for a small size; 0 if there is none. */
function searchBins(size: i32): usize {
  const larger = load<i64>(G_BINMAP) & (i64(-1) << (size >> 3))
  return larger ? usize(load<u32>(usize(G_BINS) + (usize(ctz(larger)) << 2))) : 0
}

/**
 * Room for `size` bytes (a multiple of 8, at least 16), header not filled in but for the size; or 0. Only who
 * must have room (`sure`) gets what belongs to the reserve.
 */
function findRoom(size: i32, sure: bool): usize {
  const small = size <= SMALL
  if (small && load<u32>(usize(G_BINS) + usize(size >> 1))) return takeFirst(size >> 3)
  const room = load<i32>(G_LIMIT) - load<i32>(G_HEAP_TOP)
  let block: usize = small ? 0 : searchLarge(size, FEW)
  if (!block) {
    if (size <= room - RESERVE) return takeTop(size)
    block = small ? searchBins(size) : 0
    if (!block) block = searchLarge(size, MAX_SEARCH)
  }
  if (block) {
    carve(block, size)
    if (room >= RESERVE || hasReserve()) return block
  }
  store<i32>(G_GC_DEBT, URGENT)
  if (sure) return block || size > room ? block : takeTop(size)
  if (block) addFree(block, load<i32>(block, BLOCKHEADER_SIZE))
  return 0
}

/** Cuts `size` bytes off the untouched memory. */
function takeTop(size: i32): usize {
  const top = load<i32>(G_HEAP_TOP)
  store<i32>(G_HEAP_TOP, top + size)
  store<i32>(usize(top), size, BLOCKHEADER_SIZE)
  return usize(top)
}

/** A block of at least `bytes` bytes, its header included, of this kind; 0 if there is no room. */
function allocate(bytes: i32, kind: i32, sure: bool): usize {
  if (u32(bytes) > u32(load<i32>(G_LIMIT))) return 0
  const failAt = load<i32>(G_ALLOC_FAIL_AT)
  if (failAt && !sure) {
    store<i32>(G_ALLOC_FAIL_AT, failAt - 1)
    if (failAt == 1) return 0
  }
  let size = (bytes + 7) & ~7
  if (size < SMALLEST) size = SMALLEST
  const block = findRoom(size, sure)
  if (!block) return 0
  size = load<i32>(block, BLOCKHEADER_SIZE)
  store<i32>(block, kind | (load<i32>(G_GC_WHITE) << 8), BLOCKHEADER_KIND)
  const used = load<i32>(G_USED) + size
  store<i32>(G_USED, used)
  if (used > load<i32>(G_PEAK)) store<i32>(G_PEAK, used)
  const debt = load<i32>(G_GC_DEBT)
  store<i32>(G_GC_DEBT, load<i32>(G_GC_STRESS) ? URGENT : debt + size)
  return block
}

/** Is there room for what an instruction may allocate without asking? */
export function hasReserve(): bool {
  if (load<i32>(G_LIMIT) - load<i32>(G_HEAP_TOP) >= RESERVE) return true
  let block: usize = load<u32>(usize(G_BINS + (LARGE_BIN << 2)))
  while (block) {
    if (load<i32>(block, BLOCKHEADER_SIZE) >= RESERVE) return true
    block = load<u32>(block, NEXT)
  }
  return false
}

/**
 * May one more small object be made by an instruction that makes many? It must leave the reserve to those
 * that make few, which do not ask.
 */
export function hasRoom(): bool {
  return load<i32>(G_GC_DEBT) < URGENT || hasReserve()
}

/** A new collected object of a fixed, small size. The reserve makes sure that there is room for a few. */
export function newObject(bytes: i32, kind: i32): usize {
  const block = allocate(bytes, kind, true)
  if (!block) unreachable()
  return block
}

/** A new collected object whose size depends on the script; 0 if there is no room. */
export function tryObject(bytes: i32, kind: i32): usize {
  return allocate(bytes, kind, false)
}

/** A block that some object owns; its contents start 8 bytes in. 0 if there is no room. */
export function tryRaw(bytes: i32): usize {
  return allocate(bytes, KIND_RAW, false)
}

/** Cuts off what a block has beyond `bytes`, a multiple of 8; the rest is free. */
export function cutBlock(block: usize, bytes: i32): void {
  const rest = load<i32>(block, BLOCKHEADER_SIZE) - bytes
  if (rest < SMALLEST) return
  store<i32>(block, bytes, BLOCKHEADER_SIZE)
  store<i32>(G_USED, load<i32>(G_USED) - rest)
  addFree(block + usize(bytes), rest)
}

/** Could a block of so many bytes be had? */
export function hasRoomFor(bytes: i32): bool {
  const block = tryRaw(bytes)
  if (block) free(block)
  return block != 0
}

/** Frees a block at once. */
export function free(block: usize): void {
  const size = load<i32>(block, BLOCKHEADER_SIZE)
  store<i32>(G_USED, load<i32>(G_USED) - size)
  addFree(block, size)
}

export function sizeOf(block: usize): i32 {
  return load<i32>(block, BLOCKHEADER_SIZE)
}

export function kindOf(block: usize): i32 {
  return load<u8>(block, BLOCKHEADER_KIND)
}

/** Copies bytes, eight at a time; the ranges do not overlap, or the target lies below the source. */
export function copyBytes(to: usize, from: usize, bytes: i32): void {
  let i: i32 = 0
  while (i + 8 <= bytes) {
    store<i64>(to + i, load<i64>(from + i))
    i += 8
  }
  while (i < bytes) {
    store<u8>(to + i, load<u8>(from + i))
    i++
  }
}

/** Copies words upwards: the ranges may overlap with the target above the source. */
export function copyWordsUp(to: usize, from: usize, bytes: i32): void {
  for (let i = bytes - 8; i >= 0; i -= 8) store<i64>(to + i, load<i64>(from + i))
}
