/** Names of functions in the program: those that are called from outside keep theirs. */
import { expect, test } from 'vitest'
import { encodeModule, type TestFunction } from './encode-module.fixture.ts'
import { type TranslateOptions, translate } from './translate.ts'

/** Too large to be put in the place of calls. */
const LARGE = 'i32.const 0 i32.const 0 i32.store '.repeat(20)

const namesOf = (functions: readonly TestFunction[], options: TranslateOptions = {}): string[] =>
  translate(encodeModule({ functions }), options).spec.functions.map(({ name }) => name)

test('exported names go before those of inner functions', () => {
  const functions: TestFunction[] = [
    { name: 'first', body: 'call 1' },
    { name: 'x', body: `call 2 ${LARGE}`, exported: false },
    { name: 'x', body: LARGE },
  ]
  expect(namesOf(functions)).toEqual(['first', 'x_2', 'x'])
})

test('paths are cut to two parts, and names are identifiers', () => {
  const inner = (name: string): TestFunction => ({ name, body: LARGE, exported: false })
  const functions: TestFunction[] = [
    { name: 'f', body: 'call 1 call 2 call 3 call 4' },
    inner('vm/assembly/table/get'),
    inner('other/table/get'),
    inner('9 lives'),
    inner('a-b'),
  ]
  expect(namesOf(functions).toSorted()).toEqual(['_9_lives', 'a_b', 'f', 'table_get', 'table_get_2'])
})

test('names have at most 63 bytes', () => {
  const long = 'n'.repeat(70)
  expect(namesOf([{ name: long, body: '' }])).toEqual(['n'.repeat(63)])
  const [first, second] = namesOf([
    { name: `${long}a`, body: LARGE },
    { name: `${long}b`, body: LARGE },
  ])
  expect(new Set([first, second]).size).toBe(2)
  expect(Math.max(...[first, second].map((name) => (name as string).length))).toBe(63)
})
