/** Files that the build makes for the VM. */
import { readFileSync } from 'node:fs'

/** Bytes of a file in dist/vm, whether this file runs from src (tests), from dist/src or bundled, from dist/cli. */
export function builtFile(name: string): Buffer {
  const here = import.meta.url
  const up = here.includes('/dist/src/') ? '../../../' : '../../'
  return readFileSync(new URL(`${up}dist/vm/${name}`, here))
}
