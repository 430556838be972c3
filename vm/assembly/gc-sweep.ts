// Sweeping: the heap in address order. Dead objects give their blocks back, and free neighbours join.
import {
  BLOCKHEADER_KIND,
  BLOCKHEADER_MARK,
  BLOCKHEADER_SIZE,
  CHUNK_PROTO_LIST,
  G_GC_WHITE,
  G_HEAP_TOP,
  G_USED,
  KIND_CHUNK,
  KIND_FREE,
  KIND_RAW,
  KIND_STRING,
  KIND_TABLE,
  KIND_THREAD,
  TABLE_ARRAY,
  TABLE_NODES,
  THREAD_STACK,
  THREAD_TBC,
} from '../generated/layout'
import { isDeadObject } from './gc-weak'
import { addFree, free, removeFree } from './memory'
import { forgetString } from './string'
import { hasNodes } from './table'

/** Frees the blocks that a dead object owns and takes it out of the tables that know it. */
function release(object: usize, kind: i32): void {
  if (kind == KIND_STRING) forgetString(object)
  else if (kind == KIND_TABLE) {
    const array: usize = load<u32>(object, TABLE_ARRAY)
    if (array) free(array - 8)
    if (hasNodes(object)) free(usize(load<u32>(object, TABLE_NODES)) - 8)
  } else if (kind == KIND_THREAD) {
    free(load<u32>(object, THREAD_STACK))
    if (load<u32>(object, THREAD_TBC)) free(load<u32>(object, THREAD_TBC))
  } else if (kind == KIND_CHUNK && load<u32>(object, CHUNK_PROTO_LIST)) {
    free(usize(load<u32>(object, CHUNK_PROTO_LIST)) - 8)
  }
}

/** Is the block a collected object that nobody refers to? */
function isDead(block: usize, kind: i32): bool {
  if (kind == KIND_FREE || kind == KIND_RAW) return false
  return isDeadObject(block)
}

/** Deals with the block at an address, and joins what is free behind it up to `stop`; the address of the next one. */
export function sweepBlock(block: usize, stop: usize): usize {
  const kind: i32 = load<u8>(block, BLOCKHEADER_KIND)
  const size = load<i32>(block, BLOCKHEADER_SIZE)
  if (kind == KIND_FREE) {
    removeFree(block)
    return join(block, size, stop)
  }
  if (isDead(block, kind)) {
    release(block, kind)
    store<i32>(G_USED, load<i32>(G_USED) - size)
    return join(block, size, stop)
  }
  if (kind != KIND_RAW) store<u8>(block, u8(load<i32>(G_GC_WHITE)), BLOCKHEADER_MARK)
  return block + usize(size)
}

/** Makes one free block of this one, which is in no bin, and those before `stop` that are free or dead behind it. */
function join(block: usize, size: i32, stop: usize): usize {
  const top: usize = load<u32>(G_HEAP_TOP)
  let end = block + usize(size)
  while (end < top && end < stop) {
    const kind: i32 = load<u8>(end, BLOCKHEADER_KIND)
    const bytes = load<i32>(end, BLOCKHEADER_SIZE)
    if (kind == KIND_FREE) removeFree(end)
    else if (isDead(end, kind)) {
      release(end, kind)
      store<i32>(G_USED, load<i32>(G_USED) - bytes)
    } else break
    end += usize(bytes)
  }
  if (end >= top) store<u32>(G_HEAP_TOP, u32(block))
  else addFree(block, i32(end - block))
  return end
}
