/** Files that the build makes. */
import { readFileSync } from 'node:fs'

/** Where a file of dist is, whether this file runs from src (tests), from dist/src or bundled, from dist/cli. */
export function builtUrl(path: string): URL {
  const here = import.meta.url
  const up = here.includes('/dist/src/') ? '../../../' : '../../'
  return new URL(`${up}dist/${path}`, here)
}

/** Bytes of a file in dist/vm. */
export function builtFile(name: string): Buffer {
  return readFileSync(builtUrl(`vm/${name}`))
}
