import { execFileSync, spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { describeUnless } from '../../test/needs.fixture.ts'
import { BAD_SNIPPETS } from './bad-snippets.fixture.ts'
import { CompileError } from './diagnostics.ts'
import { analyze } from './front-end.ts'
import { toSource } from './source.ts'

function firstMessage(source: string): string {
  const found = analyze(toSource(Buffer.from(source, 'latin1'), '=x')).findings.list()
  return found.length === 0 ? '' : new CompileError('=x', found).message
}

test('there are at least 80 bad snippets', () => {
  expect(BAD_SNIPPETS.length).toBeGreaterThanOrEqual(80)
})

test.each(BAD_SNIPPETS)('%j is refused with the message of the reference', (source, message) => {
  expect(firstMessage(source)).toBe(`x:${message}`)
})

const reference = spawnSync('lua5.4', ['-v']).status === 0

describeUnless(!reference && 'lua5.4 is not installed')('against lua5.4', () => {
  test('says the same of every bad snippet', () => {
    const literals = BAD_SNIPPETS.map(([source]) => luaString(source)).join(',\n')
    const script = `for _, s in ipairs{${literals}} do print((select(2, load(s, '=x')):gsub('\\n', '\\\\n'))) end`
    const said = execFileSync('lua5.4', ['-'], { input: script }).toString('utf8').trimEnd().split('\n')
    const ours = BAD_SNIPPETS.map(([source]) => firstMessage(source).replaceAll('\n', '\\n'))
    // later versions of 5.4 say "break outside a loop"
    expect(ours).toEqual(said.map((message) => message.replace('outside a loop', 'outside loop')))
  })
})

function luaString(bytes: string): string {
  return `"${[...bytes].map((c) => `\\${String(c.charCodeAt(0)).padStart(3, '0')}`).join('')}"`
}
