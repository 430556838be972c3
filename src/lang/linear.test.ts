/** The compiler takes time in proportion to the text, whatever it consists of: its steps are counted, not timed. */
import { Session } from 'node:inspector'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileWithin } from './compile.ts'
import { CONSTRUCTS } from './constructs.fixture.ts'
import { COMPILING, type MeterLimits } from './meter.ts'

const UNLIMITED: MeterLimits = { fuel: Number.POSITIVE_INFINITY, memory: Number.POSITIVE_INFINITY }
/** Bytes; the second text is twice as long. */
const SIZE = 12_000

const session = new Session()
beforeAll(() => {
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
})
afterAll(() => session.disconnect())

/** How often blocks of the compiler's code are executed while a text is compiled, together. */
function stepsOf(text: string): number {
  const bytes = Buffer.from(text, 'latin1')
  takeCounts()
  compileWithin(bytes, '=x', UNLIMITED)
  return takeCounts()
}

/** The counts since the last time. */
function takeCounts(): number {
  let steps = 0
  session.post('Profiler.takePreciseCoverage', (error, coverage) => {
    if (error) throw error
    for (const { url, functions } of coverage.result) {
      if (!url.includes('/src/lang/')) continue
      for (const { ranges } of functions) for (const { count } of ranges) steps += count
    }
  })
  return steps
}

test('steps are counted', () => {
  const [few, many] = [stepsOf('x = 1'), stepsOf('x = 1 '.repeat(100))]
  expect(few).toBeGreaterThan(50)
  expect(many).toBeGreaterThan(20 * few)
})

test.each(Object.entries(CONSTRUCTS))('twice as many %s take twice as many steps', (_, textOf) => {
  stepsOf(textOf(SIZE))
  const [once, twice] = [stepsOf(textOf(SIZE)), stepsOf(textOf(2 * SIZE))]
  expect(twice).toBeLessThan(2.2 * once)
})

test.each(Object.entries(CONSTRUCTS))('the fuel for %s pays for the steps', (_, textOf) => {
  const text = textOf(SIZE)
  const { fuel } = compileWithin(Buffer.from(text, 'latin1'), '=x', UNLIMITED)
  expect(fuel).toBeGreaterThanOrEqual(COMPILING.START + text.length)
  expect(stepsOf(text)).toBeLessThan(20 * fuel)
})
