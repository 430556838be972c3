/**
 * Compiling for a state: within its fuel and its memory, and long texts in a thread of their own, so that others get
 * their turns meanwhile and the compiler can be stopped.
 */
import { getHeapStatistics } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { G } from '../isa/layout.ts'
import { compileWithin, type Outcome } from '../lang/compile.ts'
import { CompileError } from '../lang/diagnostics.ts'
import type { MeterLimits } from '../lang/meter.ts'
import { builtUrl } from './built-file.ts'
import { outOfMemory, StateError } from './errors.ts'
import type { StateMemory } from './memory.ts'

/** Bytes of a text that is compiled at once: that takes some tens of milliseconds. Beginning a thread takes about as long. */
export const SHORT = 1 << 16

/**
 * The compiler may use this many times the memory of the state. A token takes 256 bytes of the compiler, and at least 5 of
 * the chunk: what is refused wouldn't fit into the state.
 */
const TIMES = 32
/** Bytes that the compiler uses at most, whatever the state has. */
const MOST = Math.min(1 << 30, getHeapStatistics().heap_size_limit / 2)

/** What compiling may cost in a state. */
export function limitsOf(memory: StateMemory, fuel: number): MeterLimits {
  return { fuel, memory: Math.min(memory.word(G.LIMIT) * TIMES, MOST) }
}

/** A text that is being compiled elsewhere. */
export interface Job {
  readonly outcome: Promise<Outcome>
  /** Ends it, if it hasn't ended: its outcome never comes. */
  stop(): void
}

/** Compiles a text in a thread of its own. */
export function compileApart(text: string | Uint8Array, name: string, limits: MeterLimits): Job {
  const worker = new Worker(builtUrl('src/state/compile-worker.js'), {
    workerData: { text, name, limits },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: (2 * MOST) >>> 20 },
  })
  const outcome = new Promise<Outcome>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve({ kind: 'stopped', reason: 'memory', fuel: 0 })
      else
        reject(
          new StateError('HOST_LIMIT', `Cannot compile the text: ${error.message}`, undefined, {
            cause: error,
          }),
        )
    })
  })
  return { outcome, stop: () => void worker.terminate() }
}

/** Takes the fuel for compiling from what the call under way has left. False: it hasn't so much; it fails at its next step. */
export function pay(memory: StateMemory, fuel: number): boolean {
  const budget = memory.count(G.BUDGET) - fuel
  memory.setCount(G.BUDGET, Math.max(budget, 0))
  if (budget >= 0) return true
  const left = memory.count(G.FUEL) + budget
  memory.setCount(G.FUEL, Math.max(left, -1))
  return left >= 0
}

/** What the call under way may still spend. */
export function fuelLeft(memory: StateMemory): number {
  return Math.max(0, memory.count(G.BUDGET) + memory.count(G.FUEL))
}

/**
 * Compiles scripts that the host loads, before a call is under way. Fuel is what a call may execute, so that they cost
 * none: the state's memory bounds the work.
 */
export class ScriptCompiler {
  readonly #memory: StateMemory
  /** Ends the compilations that are under way, with an error. */
  readonly #ends = new Set<(error: Error) => void>()

  constructor(memory: StateMemory) {
    this.#memory = memory
  }

  get #limits(): MeterLimits {
    return limitsOf(this.#memory, Number.POSITIVE_INFINITY)
  }

  /** The chunk. @throws CompileError, OutOfMemory */
  compileSync(text: string | Uint8Array, name: string): Uint8Array {
    return compiled(compileWithin(text, name, this.#limits), name)
  }

  /** The same in a thread of its own. */
  async compile(text: string | Uint8Array, name: string): Promise<Uint8Array> {
    const job = compileApart(text, name, this.#limits)
    let end: (error: Error) => void = () => {}
    const ended = new Promise<never>((_, reject) => {
      end = reject
    })
    this.#ends.add(end)
    try {
      return compiled(await Promise.race([job.outcome, ended]), name)
    } finally {
      this.#ends.delete(end)
      job.stop()
    }
  }

  /** Ends all that is under way. */
  end(error: Error): void {
    for (const end of this.#ends) end(error)
  }
}

/** @throws CompileError, OutOfMemory */
function compiled(outcome: Outcome, name: string): Uint8Array {
  if (outcome.kind === 'chunk') return outcome.chunk
  throw outcome.kind === 'errors' ? new CompileError(name, outcome.diagnostics) : outOfMemory()
}
