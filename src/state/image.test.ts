import { expect, test } from 'vitest'
import { MEMORY } from '../isa/layout.ts'
import { imageFor, LIBRARIES } from './image.ts'
import { State } from './state.ts'

test('no choice of libraries makes an image larger than that of all, which fits into the smallest state', () => {
  const all = imageFor(LIBRARIES, 1).length
  expect(all).toBeLessThan(MEMORY.SMALLEST_LIMIT)
  for (let choice = 0; choice < 1 << LIBRARIES.length; choice++) {
    const libraries = LIBRARIES.filter((_, i) => (choice >> i) & 1)
    expect([libraries, imageFor(libraries, 1).length > all]).toEqual([libraries, false])
  }
})

test('a state without the library string has no methods of strings either', () => {
  const without = new State({ libraries: ['table', 'debug'] })
  expect(() => without.loadSync("return ('x').rep")).toThrow('attempt to index a string value')
  expect(without.loadSync("return debug.getmetatable('')")).toEqual([null])
  expect(new State({ libraries: ['string'] }).loadSync("return ('x'):rep(3)")).toEqual(['xxx'])
})
