/** Calls a script's function of a state that nobody else calls meanwhile, and keeps count. */
import { LuaError, StateError } from '../state/errors.ts'
import type { State } from '../state/state.ts'

/** What has happened so far. */
export interface CallFigures {
  /** Calls of the script. */
  calls: number
  /** Calls that failed. */
  errors: number
}

/** Distinct errors that are logged and counted. */
const MOST_ERRORS = 100

export class ScriptCalls {
  readonly figures: CallFigures = { calls: 0, errors: 0 }
  /** How often each distinct error happened, by its message. */
  readonly errors = new Map<string, number>()
  readonly #state: State
  readonly #name: string
  readonly #log: (text: string) => void

  /**
   * @param name of the global function
   * @param log gets each distinct error once, with its traceback
   */
  constructor(state: State, name: string, log: (text: string) => void) {
    this.#state = state
    this.#name = name
    this.#log = log
  }

  /**
   * Calls the function.
   * @returns whether it came to its end; it can't begin while the state is busy with another call
   * @throws StateError if the state can't be used any more
   */
  call(...args: readonly number[]): boolean {
    try {
      this.#state.callSync(this.#name, ...args)
      this.figures.calls++
      return true
    } catch (error) {
      if (!(error instanceof StateError && error.code === 'BUSY')) this.#failed(error)
      return false
    }
  }

  #failed(error: unknown): void {
    if (error instanceof StateError && (error.code === 'CLOSED' || error.code === 'BROKEN')) throw error
    if (!(error instanceof LuaError || error instanceof StateError)) throw error
    this.figures.calls++
    this.figures.errors++
    const seen = this.errors.get(error.message)
    if (seen !== undefined) this.errors.set(error.message, seen + 1)
    else if (this.errors.size < MOST_ERRORS) {
      this.errors.set(error.message, 1)
      const traceback = error instanceof LuaError && error.traceback !== '' ? `\n${error.traceback}` : ''
      this.#log(`${error.message}${traceback}`)
    }
  }
}
