import { describe, expect, test } from 'vitest'
import { compile, compileWithin, type Outcome } from './compile.ts'
import { COMPILING } from './meter.ts'

const MUCH = Number.MAX_SAFE_INTEGER
const within = (text: string, fuel: number, memory = MUCH): Outcome =>
  compileWithin(text, '=x', { fuel, memory })

const fuelFor = (text: string): number => within(text, MUCH).fuel

describe('fuel', () => {
  test('is counted by bytes and tokens', () => {
    expect(fuelFor('x=1')).toBe(COMPILING.START + 3 * COMPILING.BYTE + 4 * COMPILING.TOKEN) // with the end
    expect(fuelFor('x=1--abc')).toBe(fuelFor('x=1') + 5 * COMPILING.BYTE)
    expect(fuelFor('')).toBeGreaterThan(COMPILING.START)
  })

  test('is counted by errors, and by names that go through functions', () => {
    expect(fuelFor('x = = 1') - fuelFor('x = - 1')).toBe(COMPILING.FAULT)
    const nested = (name: string) =>
      `local a ${'return function() '.repeat(50)}${name}() ${'end '.repeat(50)}`
    const brackets = 2 * (COMPILING.TOKEN + COMPILING.BYTE)
    expect(fuelFor(nested('a')) - fuelFor(nested('(1)'))).toBe(50 * COMPILING.UPVALUE - brackets)
  })

  test('what is enough is enough, and one unit less is not', () => {
    const text = 'local t = {} for i = 1, 10 do t[i] = function() return i end end return t'
    const fuel = fuelFor(text)
    expect(within(text, fuel)).toEqual({ kind: 'chunk', chunk: compile(text, { name: '=x' }), fuel })
    expect(within(text, fuel - 1)).toEqual({ kind: 'stopped', reason: 'fuel', fuel: fuel - 1 })
    expect(within(text, 0)).toEqual({ kind: 'stopped', reason: 'fuel', fuel: 0 })
  })

  test('a long text is refused before it is read', () => {
    expect(within(`x = '${'a'.repeat(1e6)}`, 1e6)).toMatchObject({ kind: 'stopped', reason: 'fuel' })
  })

  test('what is wrong with a text counts as far as it was read', () => {
    expect(within('x = = 1', MUCH)).toMatchObject({ kind: 'errors', diagnostics: [{ code: 'L022' }] })
  })
})

test('memory: a text with too many tokens, and one that is too long', () => {
  expect(within('x = 1', MUCH, 100)).toMatchObject({ kind: 'stopped', reason: 'memory' })
  expect(within('x = 1 '.repeat(10_000), MUCH, 1 << 20)).toMatchObject({ kind: 'stopped', reason: 'memory' })
  expect(within(`x = [[${'a'.repeat(1 << 20)}]]`, MUCH, 1 << 20)).toMatchObject({ reason: 'memory' })
  expect(within('x = 1 '.repeat(1000), MUCH, 1 << 20)).toMatchObject({ kind: 'chunk' })
})
