/** The version of Moonring. */

import { readFileSync } from 'node:fs'

/** The version in package.json, which lies above dist/src/cli as above src/cli. */
export function version(): string {
  const up = import.meta.url.includes('/dist/src/') ? '../../../' : '../../'
  const text = readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
