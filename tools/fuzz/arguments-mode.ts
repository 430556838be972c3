/** Mode `arguments`: library functions with numbers from the edges of 32 and 64 bits, in both engines and in lua5.4. */
import type { Instance } from '../../src/state/engine.ts'
import { KernelInstance } from '../../src/state/kernel-engine.ts'
import { State } from '../../src/state/state.ts'
import { programOf, randomCall } from './argument-cases.ts'
import { ArgumentState, type Outcome } from './argument-check.ts'
import type { FuzzMode, FuzzRun } from './mode.ts'
import { Random } from './random.ts'
import { comparable, runReference } from './reference.ts'

/** Calls of a case: one state runs them. */
const CALLS = 40
const MEMORY = 1 << 20

/**
 * What lua5.4 has no counterpart for: blocks, the collector, warnings, random floats and seeds, and levels, which it cuts to
 * 32 bits.
 */
export const isOwn = (call: string): boolean =>
  /data\.|packet|collectgarbage|debug\.|warn|error|traceback|math\.random(seed)?\(\)/.test(call)

class ArgumentsRun implements FuzzRun {
  readonly #kernel: KernelInstance | undefined
  #compared = 0

  constructor(kernel: boolean) {
    this.#kernel = kernel ? KernelInstance.create(MEMORY) : undefined
  }

  difference(seed: number): string | undefined {
    const random = new Random(seed)
    const calls = Array.from({ length: CALLS }, () => randomCall(random))
    const engines: Record<string, (() => Instance) | undefined> = { 'user space': undefined }
    if (this.#kernel) engines['the kernel'] = () => this.#lend()
    const outcomes = Object.entries(engines).map(([name, engine]) => this.#run(name, calls, engine))
    for (const outcome of outcomes) if (typeof outcome === 'string') return outcome
    return this.#compare(calls, outcomes as Outcome[][])
  }

  #lend(): Instance {
    const { buffer, enter } = this.#kernel as KernelInstance
    new Uint8Array(buffer).fill(0)
    return { buffer, enter, close() {} }
  }

  /** Runs the calls in a new state: what comes of them, or what is wrong. */
  #run(engine: string, calls: readonly string[], make?: () => Instance, each = false): Outcome[] | string {
    const state = new ArgumentState((options) => new State(options, make))
    try {
      const outcomes: Outcome[] = []
      for (const call of calls) {
        const outcome = state.run(call)
        const fault = outcome.fault ?? (each ? state.check() : undefined)
        if (fault !== undefined) return `in ${engine}: ${call}\n  ${fault}`
        outcomes.push(outcome)
      }
      const fault = each ? undefined : state.check()
      if (fault === undefined) return outcomes
      // once more, for the call that has done it
      const found = this.#run(engine, calls, make, true)
      return typeof found === 'string' ? found : `in ${engine}, after ${calls.join('; ')}\n  ${fault}`
    } finally {
      state.close()
    }
  }

  /** Compares the engines with each other, and with lua5.4 where that has the function and is not asked for too much. */
  #compare(
    calls: readonly string[],
    [user = [], kernel]: readonly (readonly Outcome[])[],
  ): string | undefined {
    for (const [i, call] of calls.entries()) {
      const [a, b] = [user[i]?.output, kernel?.[i]?.output]
      if (kernel && a !== b && a !== undefined && b !== undefined)
        return `${call}\n  user space: ${a}  the kernel: ${b}`
    }
    const asked = calls.map((call, i) => [call, user[i]?.output] as const)
    const known = asked.filter(([call, output]) => output !== undefined && !isOwn(call))
    const expected = runReference(known.map(([call]) => programOf(call)))
    for (const [i, [call, output]] of known.entries()) {
      if (!comparable(expected[i])) continue
      this.#compared++
      if (expected[i] !== output) return `${call}\n  lua5.4: ${expected[i]}  moonring: ${output}`
    }
    return undefined
  }

  summary(): string {
    return `${this.#compared} calls compared with lua5.4`
  }

  close(): void {
    this.#kernel?.close()
  }
}

export const ARGUMENTS_MODE: FuzzMode = {
  name: 'arguments',
  about: 'library functions with numbers from the edges of 32 and 64 bits',
  start: ({ kernel }) => new ArgumentsRun(kernel),
}
