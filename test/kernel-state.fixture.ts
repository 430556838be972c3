/**
 * States in the kernel for tests. Loading the VM takes far longer than most tests, so a test file loads it once
 * for each size of memory, and its states use it one after the other: a new state takes the place of the last.
 */
import { afterAll, beforeAll, describe } from 'vitest'
import { G, MEMORY } from '../src/isa/layout.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import type { Instance } from '../src/state/engine.ts'
import { KernelInstance } from '../src/state/kernel-engine.ts'
import type { StateMemory } from '../src/state/memory.ts'
import { internalsOf, State } from '../src/state/state.ts'
import type { StateOptions } from '../src/state/state-options.ts'

export type MakeState = (options?: StateOptions) => State

/** Bytes of memory of the VMs that are loaded. A state gets the smallest in which it fits. */
const SIZES = [MEMORY.SMALLEST_LIMIT, MEMORY.DEFAULT_LIMIT]
/** Milliseconds in which the verifier reads the VM, on a busy machine too. */
const LOAD_TIMEOUT = 60_000
/** Slices that src/state/state.ts makes short in a new process. */
const WARM_UP_SLICES = 40

/** A loaded VM and the state that uses it. */
class Loaded {
  readonly #instance: KernelInstance
  #owner: Instance | undefined

  constructor(bytes: number) {
    this.#instance = KernelInstance.create(bytes)
  }

  get bytes(): number {
    return this.#instance.buffer.byteLength
  }

  /** The VM with zeroed memory. Whoever had it before can't use it any more. */
  lend(): Instance {
    const { buffer, enter } = this.#instance
    new Uint8Array(buffer).fill(0)
    const lent: Instance = {
      buffer,
      enter: (command, a, b) => {
        if (this.#owner !== lent) throw new Error('another state uses the VM now')
        return enter(command, a, b)
      },
      statistics: () => this.#instance.statistics(),
      close() {},
    }
    this.#owner = lent
    return lent
  }

  close(): void {
    this.#owner = undefined
    this.#instance.close()
  }
}

const loaded = new Map<number, Loaded>()

afterAll(() => {
  for (const vm of loaded.values()) vm.close()
  loaded.clear()
})

/**
 * For the body of `describeInKernel`: what makes states there. `sizes` are bytes of memory that are needed
 * besides 64 KiB and 1 MiB.
 */
export function kernelStates(...sizes: readonly number[]): MakeState {
  const wanted = [...SIZES, ...sizes]
  beforeAll(() => {
    for (const bytes of wanted) if (!loaded.has(bytes)) loaded.set(bytes, new Loaded(bytes))
  }, LOAD_TIMEOUT)
  return (options = {}) =>
    new State(options, (bytes) => {
      const fitting = [...loaded.values()].filter((vm) => vm.bytes >= bytes)
      const [best] = fitting.sort((a, b) => a.bytes - b.bytes)
      if (best === undefined)
        throw new Error(`no VM with ${bytes} bytes is loaded: give kernelStates the size`)
      return best.lend()
    })
}

/** A group of tests that is run with states of either engine. In the kernel, one state at a time; `sizes` as there. */
export function describeEngines(
  name: string,
  body: (create: MakeState) => void,
  ...sizes: readonly number[]
): void {
  describe(`${name}, in user space`, () => body((options) => new State(options)))
  describeInKernel(`${name}, in the kernel`, () => body(kernelStates(...sizes)))
}

/** Makes slices of all further states in this process as long as their options say. */
export function endWarmUp(): void {
  const state = new State()
  state.loadSync('function nothing() end')
  for (let i = 0; i < WARM_UP_SLICES; i++) state.callSync('nothing')
  state.close()
}

/** Names of the VM's globals by address, for reports. */
const GLOBALS = Object.entries(G).sort(([, a], [, b]) => b - a)

function describeAddress(at: number): string {
  const [name, start] = at < G.END ? (GLOBALS.find(([, address]) => address <= at) ?? []) : []
  return `0x${at.toString(16)}${name === undefined ? '' : ` (G.${name} + ${at - (start as number)})`}`
}

/**
 * Where the memories of two states differ, up to the top of the heap; at most ten places. What translated code
 * keeps in memory for want of registers is no part of a state.
 */
export function memoryDifferences(one: State, other: State): string[] {
  const [a, b] = [internalsOf(one).memory, internalsOf(other).memory]
  const top = a.word(G.HEAP_TOP)
  const found: string[] = []
  for (const [from, to] of [
    [0, MEMORY.FRAMES],
    [MEMORY.FRAMES + MEMORY.FRAMES_BYTES, top],
  ] as const)
    if (!slice(a, from, to).equals(slice(b, from, to)))
      for (let at = from; at < to && found.length < 10; at += 4)
        if (a.word(at) !== b.word(at)) found.push(`${describeAddress(at)}: ${a.word(at)}, ${b.word(at)}`)
  return found
}

const slice = ({ bytes }: StateMemory, from: number, to: number): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
