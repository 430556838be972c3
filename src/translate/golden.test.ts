/**
 * Golden listings: which instructions are emitted for each operator and construct. Every case is a file in golden/,
 * a module in WebAssembly's text format with its listing in trailing comments. `UPDATE_GOLDEN=1 npx vitest run
 * src/translate/golden.test.ts` rewrites them.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { disassembleProgram } from '../ebpf/disassemble-program.ts'
import { parseText } from './three-ways.fixture.ts'
import { translate } from './translate.ts'

const FOLDER = join(import.meta.dirname, 'golden')
const PREFIX = ';;|'

/** Without positions: they depend on how the text became bytes. */
function listing(source: string): string {
  const { spec } = translate(parseText(source), { check: true })
  const { positionOf: _, ...plain } = spec
  const lines = disassembleProgram(plain).trimEnd().split('\n')
  return lines.map((line) => `${PREFIX} ${line}`.trimEnd()).join('\n')
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.wat'))

test('there are cases', () => {
  expect(files.length).toBeGreaterThan(30)
})

test.each(files)('%s', (name) => {
  const path = join(FOLDER, name)
  const text = readFileSync(path, 'utf8')
  const end = text.indexOf(PREFIX)
  const source = end < 0 ? text : text.slice(0, end)
  const actual = listing(source)
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, `${source}${actual}\n`)
  else expect(actual).toBe(text.slice(source.length).trimEnd())
})
