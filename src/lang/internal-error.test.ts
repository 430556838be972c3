import { expect, test, vi } from 'vitest'
import { check, compile, compileWithin } from './compile.ts'
import { CompileError } from './diagnostics.ts'

vi.mock('./generate-table.ts', () => ({
  table: () => {
    throw new TypeError("Cannot read properties of undefined (reading 'x')")
  },
}))

const TEXT = 'local x = 1\nif x then\n  x = {}\nend'
const LIMITS = { fuel: 1e6, memory: 1e6 }

test('a failure of the compiler is a finding, with the statement that it was at', () => {
  const found = check(TEXT, { name: '@f.lua' })
  expect(found).toMatchObject([{ code: 'L070', file: 'f.lua', line: 3, column: 3 }])
  expect(found[0]!.message).toContain('the compiler failed; please report this')
  expect(compileWithin(TEXT, '@f.lua', LIMITS)).toMatchObject({ kind: 'errors', diagnostics: found })
})

test('compile throws it as what it throws for every text that it refuses', () => {
  expect(() => compile(TEXT, { name: '@f.lua' })).toThrow(CompileError)
  expect(() => compile(TEXT, { name: '@f.lua' })).toThrow('f.lua:3: the compiler failed')
})
