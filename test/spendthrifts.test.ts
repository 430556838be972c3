/** Work is paid for, whatever a script does: no kind of round comes more often than its work allows. */
import { expect, test } from 'vitest'
import { SPENDTHRIFTS, spendthriftScript } from '../bench/spendthrifts.ts'
import { OutOfFuel } from '../src/index.ts'
import { G } from '../src/isa/layout.ts'
import { internalsOf } from '../src/state/state.ts'
import { checkHeap } from './heap-check.ts'
import { describeEngines } from './kernel-state.fixture.ts'

const FUEL = 100_000

describeEngines('fuel pays for', (create) => {
  test.each(Object.entries(SPENDTHRIFTS))('%s', (name, spendthrift) => {
    const state = create({ fuel: 10 * FUEL, seed: 1 })
    state.loadSync(spendthriftScript(spendthrift), { name })
    internalsOf(state).memory.setCount(G.CALL_FUEL, FUEL)
    expect(() => state.callSync('endless')).toThrow(OutOfFuel)
    const [rounds] = state.loadSync('return rounds')
    expect(rounds).toBeGreaterThan(0)
    expect(rounds).toBeLessThanOrEqual(spendthrift.rounds)
    expect(checkHeap(internalsOf(state).memory)).toEqual([])
  })
})
