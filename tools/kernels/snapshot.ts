/**
 * A copy of the checkout, so that all kernels run the same files, also while someone edits them. A guest reads a
 * changed file wrong: it keeps in memory what it has read, and the size is a part of that.
 */
import { cpSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Large, and not edited. */
const LEFT_OUT = new Set(['node_modules', '.git'])

/** The folder with the copy, which the caller deletes. */
export function snapshot(directory: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'moonring-checkout-'))
  for (const name of readdirSync(directory))
    if (!LEFT_OUT.has(name)) cpSync(join(directory, name), join(copy, name), { recursive: true })
  return copy
}
