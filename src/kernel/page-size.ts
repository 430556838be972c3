/** The size of the kernel's pages: 4 KiB on x86-64, but 16 or 64 KiB on some arm64. */
import { readFileSync } from 'node:fs'
import { endianness } from 'node:os'

/** AT_PAGESZ of getauxval(3). */
const PAGE_SIZE_KEY = 6n
const DEFAULT = 4096

let known: number | undefined

/** Bytes of a page. */
export function pageSize(): number {
  known ??= pageSizeIn(readVector())
  return known
}

/** The page size in an auxiliary vector, pairs of 64-bit numbers; 4 KiB if it isn't there. */
export function pageSizeIn(vector: Uint8Array): number {
  const view = new DataView(vector.buffer, vector.byteOffset, vector.length)
  const little = endianness() === 'LE'
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    if (view.getBigUint64(at, little) === PAGE_SIZE_KEY) return Number(view.getBigUint64(at + 8, little))
  }
  return DEFAULT
}

function readVector(): Uint8Array {
  try {
    return readFileSync('/proc/self/auxv')
  } catch {
    return new Uint8Array(0)
  }
}
