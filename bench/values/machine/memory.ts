// @ts-nocheck: AssemblyScript, compiled by bench/values/build.mjs, not by tsc
// Memory of the machine: a heap that only grows, and free lists for arrays by power of two. There is no
// collector: the programs give arrays back themselves, and the rest is never freed.

export const PC: usize = 0x40
export const BASE: usize = 0x44
export const HEAP_TOP: usize = 0x48
export const GLOBALS: usize = 0x4c
export const INDEX_NAME: usize = 0x50
export const STACK_END: usize = 0x54
export const RESULT: usize = 0x58
export const FREE_LISTS: usize = 0x80
export const HEAP: usize = 0x400

/** An object with its 8-byte header (size, kind, mark). */
export function allocate(bytes: i32): usize {
  const at: usize = load<u32>(HEAP_TOP)
  store<u32>(HEAP_TOP, u32(at + ((bytes + 7) & ~7)))
  store<i32>(at, bytes)
  store<i32>(at, 0, 4)
  return at
}

/** An array of 2^log bytes. */
export function allocateArray(log: i32): usize {
  const list = FREE_LISTS + (usize(log) << 2)
  const at: usize = load<u32>(list)
  if (!at) return allocate(1 << log)
  store<u32>(list, load<u32>(at))
  return at
}

export function freeArray(at: usize, log: i32): void {
  const list = FREE_LISTS + (usize(log) << 2)
  store<u32>(at, load<u32>(list))
  store<u32>(list, u32(at))
}
