import { expect, test } from 'vitest'
import { MEMORY } from '../isa/layout.ts'
import { imageFor, LIBRARIES } from './image.ts'

test('no choice of libraries makes an image larger than that of all, which fits into the smallest state', () => {
  const all = imageFor(LIBRARIES, 1).length
  expect(all).toBeLessThan(MEMORY.SMALLEST_LIMIT)
  for (let choice = 0; choice < 1 << LIBRARIES.length; choice++) {
    const libraries = LIBRARIES.filter((_, i) => (choice >> i) & 1)
    expect([libraries, imageFor(libraries, 1).length > all]).toEqual([libraries, false])
  }
})
