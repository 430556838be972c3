/** `moonring list` and `show`: what there is, and what it has done. */

import type { StateDescription } from '../named/description.ts'
import { leastOf } from '../named/histogram.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { standardOutput } from './output.ts'
import { paintFor } from './paint.ts'
import { drawList, drawState } from './state-table.ts'
import { listStates, withState } from './states.ts'

export interface JsonOption {
  readonly json?: true
}

export async function list({ json }: JsonOption): Promise<ExitCode> {
  const states = await listStates()
  if (json) writeJson(states.map(forMachines))
  else if (states.length > 0) standardOutput.write(drawList(states, paintFor(1)))
  else standardOutput.write('no states; to make one: moonring create NAME\n')
  return EXIT.fine
}

export async function show(name: string, { json }: JsonOption): Promise<ExitCode> {
  const state = await describe(name)
  if (json) writeJson(forMachines(state))
  else standardOutput.write(drawState(state, paintFor(1)))
  return state.status === 'ready' ? EXIT.fine : EXIT.failed
}

/** Of states that can't be used, too. */
async function describe(name: string): Promise<StateDescription> {
  try {
    return await withState(name, (state) => state.describe())
  } catch (error) {
    const found = (await listStates()).find((state) => state.name === name)
    if (found === undefined || found.status === 'ready') throw error
    return found
  }
}

function writeJson(value: unknown): void {
  standardOutput.json(value, 2)
}

/** Histograms as pairs: the least number of a bucket, and how many there are. */
function forMachines(state: StateDescription) {
  const pairs = (counts: readonly number[]) =>
    counts.flatMap((count, bucket) => (count === 0 ? [] : [[leastOf(bucket), count]]))
  const hooks = state.hooks.map(({ times, fuels, sums, ...hook }) => ({
    ...hook,
    time: { ...hook.time, sum: sums.time, histogram: pairs(times) },
    fuel: { ...hook.fuel, sum: sums.fuel, histogram: pairs(fuels) },
  }))
  return { ...state, hooks }
}
