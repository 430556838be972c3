/**
 * Golden listings: what each construct compiles to. Every case is a file in golden/, a script with its
 * listing in trailing comments. `UPDATE_GOLDEN=1 npx vitest run src/lang/golden.test.ts` rewrites them.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compile } from './compile.ts'
import { list } from './list.ts'

const FOLDER = join(import.meta.dirname, 'golden')
const PREFIX = '--|'

function listing(source: string): string {
  const lines = list(compile(source, { name: '=golden' }))
    .trimEnd()
    .split('\n')
  return lines.map((line) => `${PREFIX} ${line}`.trimEnd()).join('\n')
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.lua'))

test('there are cases', () => {
  expect(files.length).toBeGreaterThan(20)
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
