/** What is told about named states: `show`, `list`, `top` and the figures of `serve` are made from it. */
import type { CallLimits } from '../hook/limits.ts'
import type { Engine } from '../state/engine.ts'

/** Why a hook took its default verdict, and how often. The first five reached the function. */
export interface Fallbacks {
  /** The function raised an error, */
  readonly error: number
  /** ran out of fuel, */
  readonly fuel: number
  /** or of time: its deadline was over, */
  readonly deadline: number
  /** or of memory, */
  readonly memory: number
  /** or returned what is no verdict. */
  readonly nonsense: number
  /** The state was busy for longer than the hook waits. */
  readonly contended: number
  /** The hook interrupted another one on its own CPU, which held the state. */
  readonly interrupted: number
  /** The state is broken. */
  readonly broken: number
}

/** Of the calls that reached the function; quantiles to a quarter of a power of two. */
export interface Distribution {
  readonly mean: number
  readonly p50: number
  readonly p99: number
}

export interface HookFigures {
  readonly calls: number
  readonly errors: number
  readonly fallbacks: Fallbacks
  /** Nanoseconds of a call. */
  readonly time: Distribution
  /** Instructions of a call. */
  readonly fuel: Distribution
  /** Counts by bucket, see histogram.ts. */
  readonly times: readonly number[]
  readonly fuels: readonly number[]
  /** How many calls had the verdict 0, 1, …; the last one counts all others. */
  readonly verdicts: readonly number[]
  readonly sums: { readonly time: number; readonly fuel: number }
}

export interface HookDescription extends HookFigures {
  readonly name: string
  readonly target: string
  readonly function: string
  /** The verdict when a call fails. */
  readonly default: string
  /** What bounds a call: instructions, nanoseconds, and nanoseconds for which it waits for the state. */
  readonly limits: CallLimits
  /** Why it is called no more, if it isn't. */
  readonly gone?: string
  /** Figures of the subsystem's own. */
  readonly own?: Readonly<Record<string, number | string>>
}

export interface StateDescription {
  readonly name: string
  readonly engine: Engine
  /** `ready`, or why it can't be used. */
  readonly status: 'ready' | 'busy' | 'broken' | 'incomplete' | 'incompatible'
  /** What is wrong, and what to do, if something is. */
  readonly reason?: string
  readonly description: string
  /** The version of Moonring that made it. */
  readonly version: string
  /** When it was made, in ISO 8601. */
  readonly created: string
  /** Memories with a copy of the state: one, or one for each CPU. */
  readonly replicas: number
  /** Bytes. Of all replicas together. */
  readonly memory: { readonly used: number; readonly limit: number; readonly peak: number }
  /** Instructions that a call of a hook may execute, and nanoseconds that it may take, as was said at its making; null: what each hook has. */
  readonly fuel: number | null
  readonly deadline: number | null
  readonly collections: number
  readonly calls: number
  readonly errors: number
  readonly fallbacks: number
  /** The process that has the state to itself at the moment, for longer than a look takes: hooks take their default verdict. */
  readonly holder?: {
    readonly pid: number
    readonly command: string /** In ISO 8601. */
    readonly since: string
  }
  /** How often it was taken from a process that had died. */
  readonly recovered: number
  readonly log: { readonly records: number; readonly dropped: number }
  readonly hooks: readonly HookDescription[]
  readonly libraries: readonly string[]
}

/** Something that a state has logged. */
export interface LogRecord {
  /** Which record it is, from 0 on. */
  readonly number: number
  readonly kind: 'output' | 'error'
  /** Milliseconds since 1970; of an error that came several times: of the last. */
  readonly time: number
  /** How often the same error came. */
  readonly times: number
  readonly text: string
  /** The replica, where there are several. */
  readonly cpu?: number
}
