import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { COMPLAINTS } from './usage-error.ts'

/** Codes of the parser that tell of no wrong usage: help and version were printed; the rest isn't used here. */
const NO_COMPLAINTS = [
  'commander.helpDisplayed',
  'commander.version',
  'commander.executeSubCommandAsync',
  'commander.error',
]

test('every complaint of the parser has words of our own', () => {
  const library = join(dirname(createRequire(import.meta.url).resolve('commander')), 'lib')
  const text = ['command.js', 'error.js'].map((file) => readFileSync(join(library, file), 'utf8')).join()
  const codes = new Set([...text.matchAll(/'(commander\.\w+)'/g)].map(([, code]) => String(code)))
  expect(codes.size).toBeGreaterThan(8)
  expect([...codes].filter((code) => !(code in COMPLAINTS) && !NO_COMPLAINTS.includes(code))).toEqual([])
})
