/** Files that the build makes for the VM. */
import { readFileSync } from 'node:fs'

/** Bytes of a file in dist/vm, whether this file runs from src (tests) or from dist/src. */
export function builtFile(name: string): Buffer {
  const here = import.meta.url
  const relative = here.includes('/dist/src/') ? '../../vm/' : '../../dist/vm/'
  return readFileSync(new URL(relative + name, here))
}
