/**
 * Modules made from a seed, run by Node and translated: results, traps and memory must be the same. The seeds are
 * fixed, so that a failure can be run again; MOONRING_SEEDS=FROM,TO runs others, in the kernel all of them.
 */
import process from 'node:process'
import { describe, expect, test } from 'vitest'
import { describeInKernel } from '../kernel/kernel.fixture.ts'
import { encodeModule } from './encode-module.fixture.ts'
import { fillWithBudget, randomCalls, randomModule } from './random-module.fixture.ts'
import { type Agreement, compare, type EngineName, textOf } from './three-ways.fixture.ts'

const CALLS = 4
const [from, to] = (process.env.MOONRING_SEEDS ?? '1,301').split(',').map(Number) as [number, number]
const KERNEL_TO = process.env.MOONRING_SEEDS === undefined ? from + 20 : to

function agree(seed: number, engine: EngineName): Agreement {
  const module = randomModule(seed)
  try {
    return compare({ module, calls: randomCalls(module, seed, CALLS), fill: fillWithBudget }, engine)
  } catch (error) {
    const text = textOf(encodeModule(module))
    throw new Error(`seed ${seed}: ${(error as Error).message}\n${text}`, { cause: error })
  }
}

/** Calls that agreed, and how many of them trapped. */
function agreeAll(end: number, engine: EngineName): { calls: number; traps: number } {
  const sum = { calls: 0, traps: 0 }
  for (let seed = from; seed < end; seed++) {
    const { calls, traps } = agree(seed, engine)
    sum.calls += calls
    sum.traps += traps
  }
  return sum
}

describe('random modules', () => {
  test(`are the same for Node and the interpreter, seeds ${from} to ${to - 1}`, () => {
    const { calls, traps } = agreeAll(to, 'interpreter')
    // most calls return, and some trap
    expect(calls).toBeGreaterThan(to - from)
    expect(traps).toBeLessThan(calls / 2)
  }, 600_000)

  test('are the same each time', () => {
    expect(encodeModule(randomModule(7))).toEqual(encodeModule(randomModule(7)))
    expect(encodeModule(randomModule(7))).not.toEqual(encodeModule(randomModule(8)))
  })
})

describeInKernel('random modules in the kernel', () => {
  test(`are the same for Node and the kernel, seeds ${from} to ${KERNEL_TO - 1}`, () => {
    expect(agreeAll(KERNEL_TO, 'kernel').calls).toBeGreaterThan(KERNEL_TO - from)
  }, 600_000)
})
