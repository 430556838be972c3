/**
 * Scripts that run in a state which hooks call: the hooks take their default verdict meanwhile. Whoever runs one for long is told
 * so, and it ends after a time.
 */
import type { NamedState } from '../named/named-state.ts'
import { LuaError } from '../state/errors.ts'
import { CommandError, EXIT } from './command-error.ts'
import { standardError } from './output.ts'
import { parseTime } from './size.ts'

/** As commander gives them: `--limit TIME`, or false for `--no-limit`. */
export interface LimitOption {
  readonly limit?: string | boolean
}

/** Milliseconds after which people are told, and those that a script may take in an attached state unless they say otherwise. */
const NOTICE = 100
const DEFAULT_LIMIT = 2000
/** Milliseconds between the error that a script may catch, and the end. */
const GRACE = 100

/** Milliseconds; Infinity for no limit, undefined for the one of attached states. @throws CommandError */
export function limitOf({ limit }: LimitOption): number | undefined {
  if (limit === false) return Number.POSITIVE_INFINITY
  if (typeof limit !== 'string') return undefined
  const time = parseTime(limit)
  if (time !== undefined) return time
  throw new CommandError(
    'M010',
    `Cannot use --limit '${limit}': it is no time`,
    'write e.g. --limit 500ms or 10s',
    EXIT.usage,
  )
}

/**
 * Runs a script in a state.
 * @throws CommandError `M030` if it has taken too long, and what `run` throws
 */
export async function watch(
  state: NamedState,
  limit: number | undefined,
  run: () => Promise<void>,
): Promise<void> {
  const script = new Watched(state, limit)
  try {
    await run()
  } catch (error) {
    throw script.isOver && error instanceof LuaError && error.message === 'interrupted!'
      ? script.tooLong()
      : error
  } finally {
    script.ended()
  }
}

class Watched {
  isOver = false
  readonly #state: NamedState
  readonly #limit: number | undefined
  readonly #timers: NodeJS.Timeout[] = []
  readonly #begin: NodeJS.Immediate
  #hasEnded = false

  constructor(state: NamedState, limit: number | undefined) {
    this.#state = state
    this.#limit = limit
    // compiling leaves no turn to others, and the state to its hooks: time counts from the first turn in which the script runs
    this.#begin = setImmediate(() => {
      this.#after(NOTICE, () => void this.#notice())
      if (limit !== undefined) this.#after(limit, () => this.#end())
    })
  }

  ended(): void {
    this.#hasEnded = true
    clearImmediate(this.#begin)
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #after(milliseconds: number, step: () => void): void {
    if (milliseconds < 2 ** 31) this.#timers.push(setTimeout(step, milliseconds))
  }

  async #notice(): Promise<void> {
    const { hooks } = await this.#state.describe()
    if (this.#hasEnded || hooks.length === 0) return
    const names = [...new Set(hooks.map(({ name }) => name))].join(', ')
    standardError.write(
      `moonring: warning: until this has ended, ${names} take${hooks.length === 1 ? 's' : ''} the default verdict: '${this.#state.name}' is busy\n`,
    )
    standardError.flush()
    if (this.#limit === undefined) this.#after(DEFAULT_LIMIT - NOTICE, () => this.#end())
  }

  #end(): void {
    this.isOver = true
    this.#state.interrupt()
    this.#after(GRACE, () => this.#state.interrupt())
  }

  tooLong(): CommandError {
    const time = this.#limit ?? DEFAULT_LIMIT
    return new CommandError(
      'M030',
      `Cannot run it in '${this.#state.name}' for longer than ${time < 1000 ? `${time} ms` : `${time / 1000} s`}`,
      'do it in smaller steps; or allow more: --limit 10s, --no-limit',
    )
  }
}
