import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { describeUnless } from '../../test/needs.fixture.ts'
import { chunkId, fileOf } from './chunk-name.ts'

const NAMES = [
  ['=stdin', 'stdin'],
  ['@a.lua', 'a.lua'],
  ['x = 1', '[string "x = 1"]'],
  ['x = 1\ny', '[string "x = 1..."]'],
  ['', '[string ""]'],
  [`@${'d/'.repeat(40)}f.lua`, `...${`${'d/'.repeat(40)}f.lua`.slice(-56)}`],
  [`=${'n'.repeat(80)}`, 'n'.repeat(59)],
  ['s'.repeat(44), `[string "${'s'.repeat(44)}"]`],
  ['s'.repeat(45), `[string "${'s'.repeat(45)}..."]`],
  ['s'.repeat(80), `[string "${'s'.repeat(45)}..."]`],
] as const

test.each(NAMES)('%j is shown as %j', (name, id) => {
  expect(chunkId(name)).toBe(id)
})

test('a file is named in full in diagnostics', () => {
  expect(fileOf(`@${'d/'.repeat(60)}f.lua`)).toBe(`${'d/'.repeat(60)}f.lua`)
})

const reference = spawnSync('lua5.4', ['-v']).status === 0

describeUnless(!reference && 'lua5.4 is not installed')('against lua5.4', () => {
  test.each(NAMES)('%j', (name) => {
    const script = "print(select(2, load('?', (io.read('a')))))"
    const said = spawnSync('lua5.4', ['-e', script], { input: name }).stdout.toString()
    expect(said).toBe(`${chunkId(name)}:1: unexpected symbol near '?'\n`)
  })
})
