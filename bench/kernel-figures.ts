/** Figures of states in the kernel: what starting one takes, and what calls and instructions cost. */
import { join } from 'node:path'
import { State } from '../src/state/state.ts'
import { emptyScript, type Figure, perInstruction, perRepetition, processTime, ROUNDS } from './figures.ts'
import { median } from './statistics.ts'

/** Milliseconds in which states are made, and the verifier's part of it. */
async function made(): Promise<{ whole: number; verifier: number; processed: number }> {
  const whole: number[] = []
  const verifier: number[] = []
  let processed = 0
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now()
    const state = await State.create({ engine: 'kernel' })
    whole.push(performance.now() - start)
    verifier.push((state.program?.time ?? 0) / 1000)
    processed = state.program?.processed ?? 0
    state.close()
  }
  return { whole: median(whole), verifier: median(verifier), processed }
}

/** All figures; `root` is the checkout. */
export async function kernelFigures(root: string): Promise<Figure[]> {
  const run = processTime([join(root, 'bin/moonring'), 'run', '--kernel', emptyScript()])
  const { whole, verifier, processed } = await made()
  using state = await State.create({ engine: 'kernel' })
  state.register('host', { answer: () => 42 })
  state.loadSync('function nothing() end function ask() return host.answer() end', { name: 'calls' })
  const call = await perRepetition(100_000, (n) => {
    for (let i = 0; i < n; i++) state.callSync('nothing')
  })
  const binding = await perRepetition(50_000, (n) => {
    for (let i = 0; i < n; i++) state.callSync('ask')
  })
  return [
    { name: 'kernel: `moonring run --kernel` of an empty script', unit: 'ms', value: run },
    { name: 'kernel: new state', unit: 'ms', value: whole },
    { name: 'kernel: of that, verification', unit: 'ms', value: verifier },
    { name: 'kernel: instructions that the verifier follows', unit: '', value: processed },
    { name: 'kernel: `callSync` of an empty function', unit: 'ns', value: call },
    { name: 'kernel: `callSync` of a function that calls a binding', unit: 'ns', value: binding },
    { name: 'kernel: an instruction of the VM', unit: 'ns', value: await perInstruction(state) },
  ]
}
