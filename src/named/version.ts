/** Which Moonring this is, and which layout its states have: processes share only states of their own layout. */
import { readFileSync } from 'node:fs'
import * as layout from '../isa/layout.ts'
import { BUILTINS } from '../isa/library.ts'
import { OPCODES } from '../isa/opcodes.ts'

let known: string | undefined

/** The version in package.json, which lies above src, above dist/src and above dist/cli. */
export function version(): string {
  if (known !== undefined) return known
  const up = import.meta.url.includes('/dist/src/') ? '../../../' : '../../'
  const text = readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8')
  known = (JSON.parse(text) as { version: string }).version
  return known
}

let hash: number | undefined

/** A hash of everything on which the driver, the VM and the chunks of a state have to agree (FNV-1a, 32 bits). */
export function layoutHash(): number {
  if (hash !== undefined) return hash
  // sorted: a bundle has the exports of a module in another order
  const tables = Object.entries(layout).sort(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify([tables, BUILTINS.map(({ name }) => name), OPCODES.map(({ name }) => name)])
  hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash >>>= 0
  return hash
}
