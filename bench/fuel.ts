/**
 * `npm run bench:fuel`: what a unit of fuel takes when a script wants as much as it can for it (bench/spendthrifts.ts), in
 * user space and in the kernel, beside an empty loop. The time is that of the processor, the least of some calls.
 */
import { OutOfFuel } from '../src/index.ts'
import { State } from '../src/state/state.ts'
import { processorTime, reasonOf } from './engine.ts'
import { type Figure, renderFigures } from './figures.ts'
import { SPENDTHRIFTS, type Spendthrift, spendthriftScript } from './spendthrifts.ts'

const FUEL = 1_000_000
const CALLS = 5

const EMPTY: Spendthrift = { prepare: '', round: '', rounds: FUEL }

/** Nanoseconds of a unit of fuel. */
async function timeOfUnit(engine: 'user' | 'kernel', spendthrift: Spendthrift): Promise<number> {
  using state = await State.create({ engine, fuel: FUEL, seed: 1 })
  state.loadSync(spendthriftScript(spendthrift))
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < CALLS; i++) {
    const time = await processorTime(() => {
      try {
        state.callSync('endless')
      } catch (error) {
        if (!(error instanceof OutOfFuel)) throw error
      }
    })
    least = Math.min(least, time)
  }
  return (least * 1e6) / FUEL
}

async function figuresOf(engine: 'user' | 'kernel'): Promise<Figure[]> {
  const prefix = engine === 'kernel' ? 'kernel: ' : ''
  const figures: Figure[] = []
  for (const [name, spendthrift] of [['an empty loop', EMPTY] as const, ...Object.entries(SPENDTHRIFTS)]) {
    process.stderr.write(`${prefix}${name}\n`)
    figures.push({ name: `${prefix}${name}`, unit: 'ns', value: await timeOfUnit(engine, spendthrift) })
  }
  return figures
}

const figures = await figuresOf('user')
try {
  figures.push(...(await figuresOf('kernel')))
} catch (error) {
  process.stderr.write(`the kernel is left out: ${reasonOf(error)}\n`)
}
process.stdout.write(renderFigures(figures, process.argv.includes('--markdown')))
