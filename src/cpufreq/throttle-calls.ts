/**
 * One period of one policy: calls the script's function, and falls back to the built-in rule when that fails. The
 * hook (governor.ts) and the simulator do the same thing here; only their machines differ.
 */
import { LuaError, StateError } from '../state/errors.ts'
import type { State } from '../state/state.ts'
import type { Machine, Policy } from './machine.ts'
import { OndemandRule } from './ondemand-rule.ts'

/** What has happened so far. */
export interface CallFigures {
  /** Calls of the script. */
  calls: number
  /** Calls that failed. */
  errors: number
  /** Periods in which the built-in rule decided: after errors, and while the state was busy with something else. */
  fallbacks: number
  /** Frequencies that the system refused to the built-in rule. */
  refused: number
}

/** Microseconds of the last calls are kept for percentiles. */
const KEPT = 1024

/** Distinct errors that are logged and counted. */
const MOST_ERRORS = 100

export interface ThrottleOptions {
  readonly state: State
  readonly machine: Machine
  /** The global function to call, such as `throttle`. */
  readonly call: string
  /** In nanoseconds. */
  readonly period: number
  /** Gets each distinct error once, with its traceback. */
  readonly log: (text: string) => void
}

export class ThrottleCalls {
  readonly figures: CallFigures = { calls: 0, errors: 0, fallbacks: 0, refused: 0 }
  /** How often each distinct error happened, by its message. */
  readonly errors = new Map<string, number>()
  readonly #options: ThrottleOptions
  readonly #rules = new Map<Policy, OndemandRule>()
  readonly #times = new Float64Array(KEPT)
  #timed = 0

  constructor(options: ThrottleOptions) {
    this.#options = options
  }

  /**
   * Runs a period.
   * @returns false if the policy is switched off
   * @throws StateError if the state can't be used any more
   */
  run(policy: Policy): boolean {
    const cpu = policy.cpus()[0]
    const current = policy.current()
    const limits = policy.limits()
    if (cpu === undefined || current === undefined || limits === undefined) return false
    // the rule watches each period, so that it knows the load of the one in which it is needed
    const rule = this.#ruleOf(policy)
    const load = rule.load()
    if (this.#call(cpu, current, limits.max, limits.min)) return true
    this.figures.fallbacks++
    if (rule.apply(load).refused !== undefined) this.figures.refused++
    return true
  }

  /** The script's part; false if it failed. */
  #call(cpu: number, current: number, max: number, min: number): boolean {
    const { state, call } = this.#options
    const start = performance.now()
    try {
      this.figures.calls++
      state.callSync(call, cpu, current, max, min)
      return true
    } catch (error) {
      if (error instanceof StateError && error.code === 'BUSY') this.figures.calls--
      else this.#failed(error)
      return false
    } finally {
      this.#times[this.#timed++ % KEPT] = (performance.now() - start) * 1000
    }
  }

  #failed(error: unknown): void {
    if (error instanceof StateError && (error.code === 'CLOSED' || error.code === 'BROKEN')) throw error
    if (!(error instanceof LuaError || error instanceof StateError)) throw error
    this.figures.errors++
    const seen = this.errors.get(error.message)
    if (seen !== undefined) this.errors.set(error.message, seen + 1)
    else if (this.errors.size < MOST_ERRORS) {
      this.errors.set(error.message, 1)
      const traceback = error instanceof LuaError && error.traceback !== '' ? `\n${error.traceback}` : ''
      this.#options.log(`${error.message}${traceback}`)
    }
  }

  /** Microseconds that half of the last calls stayed within, and 99 of 100; 0 before the first. */
  percentiles(): { p50: number; p99: number } {
    const sorted = this.#times.slice(0, Math.min(this.#timed, KEPT)).sort()
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
    return { p50: at(0.5), p99: at(0.99) }
  }

  #ruleOf(policy: Policy): OndemandRule {
    let rule = this.#rules.get(policy)
    if (rule === undefined) {
      rule = new OndemandRule(this.#options.machine, policy, this.#options.period)
      this.#rules.set(policy, rule)
    }
    return rule
  }
}
