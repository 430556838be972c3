/**
 * The hook `cpufreq`: takes over the policies of this machine, and calls a script's function for each of them every
 * sampling period. Whoever holds the state (a command, a service) starts it and detaches it.
 */
import { NotAvailable } from '../kernel/errors.ts'
import { StateError } from '../state/errors.ts'
import type { State } from '../state/state.ts'
import type { LinuxMachine } from './linux-machine.ts'
import type { LinuxPolicy } from './linux-policy.ts'
import type { Policy } from './machine.ts'
import { type Clock, Periods, systemClock } from './periods.ts'
import { STATE_FILE, TakeOver, USERSPACE } from './take-over.ts'
import { type CallFigures, ThrottleCalls } from './throttle-calls.ts'

export interface GovernorOptions {
  readonly machine: LinuxMachine
  /** This process, which the state file names. */
  readonly pid: number
  /** The global function to call; `throttle` by default. */
  readonly call?: string
  /** Milliseconds between calls; by default what `defaultPeriod` says. */
  readonly period?: number
  /** What is taken over lies in this file until it is given back. */
  readonly stateFile?: string
  readonly clock?: Clock
  /** Gets errors of the script, each once, and what else there is to know. */
  readonly log?: (text: string) => void
  /** Called when the hook has detached by itself, because the state can't be used any more. */
  readonly onEnd?: () => void
}

export interface GovernorFigures extends CallFigures {
  /** Names of the policies that are governed. */
  readonly policies: readonly string[]
  /** Milliseconds. */
  readonly period: number
  /** Periods that came too late to be of use. */
  readonly skipped: number
  /** Microseconds of a call. */
  readonly time: { readonly p50: number; readonly p99: number }
}

export interface Governor {
  readonly figures: GovernorFigures
  /** Stops, and gives the policies back. What could not be given back. Again: nothing. */
  detach(): string[]
}

/** Transition latencies in a period, and the shortest one, in milliseconds. */
const LATENCIES = 200
const SHORTEST = 10

/** 200 times the transition latency of the slowest policy, at least 10 ms; in milliseconds. */
export function defaultPeriod(policies: readonly Policy[]): number {
  return Math.max(SHORTEST, ...policies.map(({ latency }) => ((latency ?? 0) * LATENCIES) / 1e6))
}

/**
 * Starts the hook. The state must have the libraries (libraries.ts) if its script uses them.
 * @throws NotAvailable where there is no policy that can be taken over, NotPermitted, StateError without the function
 */
export function governCpuFrequency(state: State, options: GovernorOptions): Governor {
  const call = options.call ?? 'throttle'
  const policies = options.machine.policies()
  if (policies.length === 0)
    throw new NotAvailable(
      'Cannot govern the frequency of processors: this machine has no cpufreq policy',
      'most virtual machines have none; try the script in a model: moonring simulate cpufreq --help',
    )
  if (!state.has(call))
    throw new StateError('BAD_VALUE', `Cannot call ${call}: the script defines no such function`)
  return new RunningGovernor(state, policies, call, options)
}

class RunningGovernor implements Governor {
  readonly #options: GovernorOptions
  readonly #policies: readonly LinuxPolicy[]
  readonly #takeOver: TakeOver
  readonly #calls: ThrottleCalls
  readonly #period: number
  readonly #periods: Periods
  /** Policies that were switched off when they were last looked at. */
  readonly #away = new Set<LinuxPolicy>()
  /** Policies that somebody else has taken since. */
  readonly #lost = new Set<LinuxPolicy>()
  readonly #log: (text: string) => void
  #attached = true

  constructor(state: State, policies: readonly LinuxPolicy[], call: string, options: GovernorOptions) {
    const { machine, pid, clock = systemClock, stateFile = STATE_FILE } = options
    this.#options = options
    this.#policies = policies
    this.#log = options.log ?? (() => {})
    this.#period = options.period ?? defaultPeriod(policies)
    this.#calls = new ThrottleCalls({ state, machine, call, period: this.#period * 1e6, log: this.#log })
    this.#takeOver = new TakeOver(machine.files, stateFile, pid, this.#log)
    try {
      for (const policy of policies) this.#takeOver.take(policy)
    } catch (error) {
      this.#takeOver.giveBack()
      throw error
    }
    this.#periods = new Periods(this.#period, () => this.#run(), clock)
  }

  get figures(): GovernorFigures {
    return {
      ...this.#calls.figures,
      policies: this.#policies.filter((policy) => !this.#lost.has(policy)).map(({ name }) => name),
      period: this.#period,
      skipped: this.#periods.skipped,
      time: this.#calls.percentiles(),
    }
  }

  detach(): string[] {
    if (!this.#attached) return []
    this.#attached = false
    this.#periods.stop()
    return this.#takeOver.giveBack()
  }

  #run(): void {
    this.#options.machine.refresh()
    try {
      for (const policy of this.#policies) if (this.#isOurs(policy)) this.#calls.run(policy)
    } catch (error) {
      // the state is gone: the kernel goes on as it did before
      for (const problem of this.detach()) this.#log(problem)
      if (!(error instanceof StateError)) throw error
      this.#log(error.message)
      this.#options.onEnd?.()
    }
  }

  /** Looks whether a policy is switched on and still ours; takes one again that was switched off. */
  #isOurs(policy: LinuxPolicy): boolean {
    if (this.#lost.has(policy)) return false
    const governor = policy.governor()
    if (governor === undefined) {
      this.#away.add(policy)
      return false
    }
    const isBack = this.#away.delete(policy)
    if (governor === USERSPACE) return true
    if (isBack && this.#takeAgain(policy)) return true
    if (!isBack) this.#log(`${policy.name} has the governor ${governor} now: it is left alone`)
    this.#lost.add(policy)
    return false
  }

  #takeAgain(policy: LinuxPolicy): boolean {
    try {
      this.#takeOver.take(policy)
      return true
    } catch (error) {
      this.#log((error as Error).message)
      return false
    }
  }
}
