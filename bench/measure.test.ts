import { expect, test } from 'vitest'
import type { Engine } from './engine.ts'
import { measure, overall } from './measure.ts'

/** An engine that answers with the given times and output, and notes each run in `order`. */
const fake = (name: string, times: readonly number[], output = 'x\n', order: string[] = []): Engine => {
  let next = 0
  return {
    name,
    available: async () => undefined,
    open: async () => ({
      async run() {
        order.push(name)
        return { ms: times[Math.min(next++, times.length - 1)] as number, output }
      },
      close: async () => {},
    }),
  }
}
const options = { runs: 3, budget: 1000, baseline: 'base' }

test('interleaves, leaves the warm-up out, and takes ratios of medians', async () => {
  const order: string[] = []
  const engines = [
    fake('base', [99, 10, 30, 20], 'x\n', order),
    fake('other', [500, 41, 39, 40], 'x\n', order),
  ]
  const result = await measure('lua/some.lua', engines, options)
  expect(order).toEqual(['base', 'other', 'base', 'other', 'base', 'other', 'base', 'other'])
  expect(result.name).toBe('some')
  expect(result.engines).toEqual({
    base: { runs: [10, 30, 20], median: 20, ratio: 1 },
    other: { runs: [41, 39, 40], median: 40, ratio: 2 },
  })
  expect(result.mismatches).toEqual({})
  expect(overall([result], 'other')).toEqual({ mean: expect.closeTo(2), count: 1 })
})

test('names engines that print something else', async () => {
  const result = await measure('a.lua', [fake('base', [1], '1\n'), fake('other', [1], '2\n')], options)
  expect(result.output).toBe('1\n')
  expect(result.mismatches).toEqual({ other: '2\n' })
})

test('an engine that cannot load the file is reported, and the others are measured', async () => {
  const broken: Engine = {
    name: 'broken',
    available: async () => undefined,
    open: () => Promise.reject(new Error("unexpected symbol near '/'\nmore")),
  }
  const result = await measure('a.lua', [fake('base', [1]), broken], options)
  expect(result.engines).toMatchObject({
    base: { median: 1 },
    broken: { failed: "unexpected symbol near '/'" },
  })
  expect(overall([result], 'broken')).toEqual({ mean: undefined, count: 0 })
})

test('output that differs between runs of one engine is a failure', async () => {
  let count = 0
  const engine: Engine = {
    name: 'base',
    available: async () => undefined,
    open: async () => ({ run: async () => ({ ms: 1, output: String(count++) }), close: async () => {} }),
  }
  const result = await measure('a.lua', [engine], options)
  expect(result.engines).toEqual({ base: { failed: 'prints "1" after "0"' } })
})

test('a slow engine stops at its budget after at least one measured run', async () => {
  const result = await measure('a.lua', [fake('base', [1]), fake('slow', [5000])], options)
  expect(result.engines).toMatchObject({ base: { runs: [1, 1, 1] }, slow: { runs: [5000], ratio: 5000 } })
})

test('without the baseline there are times but no ratios', async () => {
  const result = await measure('a.lua', [fake('other', [7])], options)
  expect(result.engines).toEqual({ other: { runs: [7, 7, 7], median: 7, ratio: undefined } })
  expect(overall([result], 'other').mean).toBeUndefined()
})
