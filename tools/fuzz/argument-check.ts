/** Runs calls with numbers from the edges, and says what they broke: fuel, memory, the heap, the state. */

import { COMMAND, LIMITS } from '../../src/isa/layout.ts'
import { CompileError } from '../../src/lang/diagnostics.ts'
import type { Instance } from '../../src/state/engine.ts'
import { LuaError, OutOfFuel, OutOfMemory } from '../../src/state/errors.ts'
import { LIBRARIES } from '../../src/state/image.ts'
import { internalsOf, type State } from '../../src/state/state.ts'
import { checkHeap } from '../../test/heap-check.ts'
import { programOf } from './argument-cases.ts'
import { CHUNK } from './reference.ts'

/** Instructions of a case. */
const FUEL = 200_000
/** Fuel that one instruction may overdraw: what it does is bounded by the memory. */
const OVERDRAFT = 1 << 20
const MEMORY = 1 << 20
/** What ends a case that asks for too much: an answer that has no counterpart in lua5.4. */
const LIMITED = /not enough (fuel|memory)|out of fuel|too large|too many|stack overflow/

export interface Outcome {
  /** What is wrong; undefined: nothing is. */
  readonly fault?: string
  /** What the case printed, as Latin-1. Undefined if a limit ended it. */
  readonly output?: string
}

/** A state for cases, one after the other. */
export class ArgumentState {
  readonly #state: State
  readonly #printed: Uint8Array[] = []

  constructor(
    make: (options: object, engine?: (bytes: number) => Instance) => State,
    engine?: (bytes: number) => Instance,
  ) {
    const options = {
      fuel: FUEL,
      memory: MEMORY,
      seed: 1,
      libraries: LIBRARIES,
      output: (text: Uint8Array) => this.#printed.push(text.slice()),
    }
    this.#state = make(options, engine)
  }

  /** Runs a call as `argument-cases.ts` makes it. */
  run(call: string): Outcome {
    this.#printed.length = 0
    let limited = false
    try {
      this.#state.loadSync(programOf(call), { name: CHUNK })
    } catch (error) {
      if (error instanceof OutOfFuel || error instanceof OutOfMemory) limited = true
      else if (error instanceof CompileError) return { fault: `does not compile: ${error.message}` }
      else if (!(error instanceof LuaError)) return { fault: `the state threw ${error}` }
    }
    const { fuelUsed } = this.#state
    if (fuelUsed <= 0 || fuelUsed > FUEL + LIMITS.GRACE_FUEL + OVERDRAFT)
      return { fault: `the call used ${fuelUsed} of ${FUEL} fuel` }
    const output = Buffer.concat(this.#printed).toString('latin1')
    return limited || LIMITED.test(output) ? {} : { output }
  }

  /** What is wrong with the state after its cases; undefined: nothing is. */
  check(): string | undefined {
    const { memory, enter } = internalsOf(this.#state)
    try {
      this.#state.loadSync(`debug.sethook() collectgarbage 'restart' collectgarbage() collectgarbage()`)
      const [sum] = this.#state.loadSync('local n = 0 for i = 1, 100 do n = n + i end return n')
      if (sum !== 5050) return `the state counts to ${sum}`
    } catch (error) {
      return `the state can't be used: ${error}`
    }
    for (let i = 0; i < 2; i++) while (enter(COMMAND.COLLECT, 0, 0) === 0);
    const problems = checkHeap(memory)
    return problems.length > 0 ? `the heap is damaged: ${problems.join('; ')}` : undefined
  }

  close(): void {
    this.#state.close()
  }
}
