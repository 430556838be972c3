/**
 * Files that a user names to be written. They are written as a shell's redirection does it: links are followed, and what
 * was there is replaced. Files at places that Moonring chooses are written by `trusted-folder.ts`.
 */
import { closeSync, openSync, writevSync } from 'node:fs'
import { pathOf } from './printable.ts'
import { type SystemError, systemError } from './system-error.ts'

/** Buffers in one writev(2): IOV_MAX of Linux. */
const MOST_VECTORS = 1024

/** Writes a file; what the system says where it can't be written, or not to its end. */
export function writeFile(path: string, parts: readonly Uint8Array[]): SystemError | undefined {
  try {
    const descriptor = openSync(pathOf(path), 'w')
    try {
      writeAll(descriptor, [...parts])
    } finally {
      closeSync(descriptor)
    }
    return undefined
  } catch (error) {
    const known = systemError(error)
    if (known === undefined) throw error
    return known
  }
}

function writeAll(descriptor: number, parts: Uint8Array[]): void {
  let next = 0
  while (next < parts.length) {
    let written = writevSync(descriptor, parts.slice(next, next + MOST_VECTORS))
    while (next < parts.length && written >= parts[next]!.length) written -= parts[next++]!.length
    if (written > 0) parts[next] = parts[next]!.subarray(written)
  }
}
