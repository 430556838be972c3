import { expect, test } from 'vitest'
import { geometricMean, median } from './statistics.ts'

test('median of odd and even counts, whatever their order', () => {
  expect(median([3])).toBe(3)
  expect(median([10, 9, 1])).toBe(9)
  expect(median([4, 100, 1, 2])).toBe(3)
  expect(() => median([])).toThrow('no values')
})

test('geometric mean', () => {
  expect(geometricMean([2, 8])).toBeCloseTo(4)
  expect(geometricMean([1.5])).toBeCloseTo(1.5)
  expect(geometricMean([])).toBeUndefined()
})
