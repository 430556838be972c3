/**
 * The hook `cpufreq`: takes over the policies of this machine, and has a decision made for each of them every sampling
 * period. A command that holds a state uses `governCpuFrequency`; the declaration of the subsystem (subsystem.ts) serves
 * states that last.
 */
import { readlinkSync } from 'node:fs'
import { NotAvailable } from '../kernel/errors.ts'
import { StateError } from '../state/errors.ts'
import type { State } from '../state/state.ts'
import type { LinuxMachine } from './linux-machine.ts'
import type { LinuxPolicy } from './linux-policy.ts'
import type { Policy } from './machine.ts'
import { type Clock, Periods, systemClock } from './periods.ts'
import { type CallFigures, ScriptCalls } from './script-calls.ts'
import { STATE_FILE, TakeOver, USERSPACE } from './take-over.ts'
import { type Decide, Throttle, type ThrottleFigures } from './throttle.ts'

export interface GovernorOptions {
  readonly machine: LinuxMachine
  /** Milliseconds between decisions; by default what `defaultPeriod` says. */
  readonly period?: number | undefined
  /** What is taken over lies in this file until it is given back. */
  readonly stateFile?: string
  /** The process that governs, which the file names; by default this one. */
  readonly pid?: number
  readonly clock?: Clock
  /** Gets what there is to know. */
  readonly log?: (text: string) => void
  /** Called when the hook has detached by itself, because nobody can decide any more. */
  readonly onEnd?: () => void
}

export interface GovernorFigures extends ThrottleFigures {
  /** Names of the policies that are governed. */
  readonly policies: readonly string[]
  /** Milliseconds. */
  readonly period: number
  /** Periods that came too late to be of use. */
  readonly skipped: number
  /** Microseconds of a decision. */
  readonly time: { readonly p50: number; readonly p99: number }
}

export interface Governor<Figures = GovernorFigures> {
  readonly figures: Figures
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
 * Lets the function `call` of a state decide. The state must have the libraries (libraries.ts) if its script uses them.
 * @throws NotAvailable where there is no policy that can be taken over, NotPermitted, StateError without the function
 */
export function governCpuFrequency(
  state: State,
  call: string,
  options: GovernorOptions,
): Governor<GovernorFigures & CallFigures> {
  if (!state.has(call))
    throw new StateError('BAD_VALUE', `Cannot call ${call}: the script defines no such function`)
  const calls = new ScriptCalls(state, call, options.log ?? (() => {}))
  const governor = govern((...args) => calls.call(...args), options)
  return {
    get figures() {
      return { ...calls.figures, ...governor.figures }
    },
    detach: () => governor.detach(),
  }
}

/**
 * Takes over all policies and starts.
 * @throws NotAvailable where there is none, or none that can be taken over, NotPermitted
 */
export function govern(decide: Decide, options: GovernorOptions): Governor {
  requirePolicies(options.machine)
  return new RunningGovernor(decide, options)
}

/** @throws NotAvailable for a machine without policies */
export function requirePolicies(machine: LinuxMachine): void {
  if (machine.policies().length > 0) return
  throw new NotAvailable(
    'Cannot govern the frequency of processors: this machine has no cpufreq policy',
    'most virtual machines have none; try the script in a model: moonring simulate cpufreq --help',
  )
}

class RunningGovernor implements Governor {
  readonly #options: GovernorOptions
  readonly #policies: readonly LinuxPolicy[]
  readonly #takeOver: TakeOver
  readonly #throttle: Throttle
  readonly #period: number
  readonly #periods: Periods
  /** Policies that were switched off when they were last looked at. */
  readonly #away = new Set<LinuxPolicy>()
  /** Policies that somebody else has taken since. */
  readonly #lost = new Set<LinuxPolicy>()
  readonly #log: (text: string) => void
  #attached = true

  constructor(decide: Decide, options: GovernorOptions) {
    const { machine, clock = systemClock, stateFile = STATE_FILE, log = () => {} } = options
    const pid = options.pid ?? Number(readlinkSync('/proc/self'))
    this.#options = options
    this.#policies = machine.policies()
    this.#log = log
    this.#period = options.period ?? defaultPeriod(this.#policies)
    this.#throttle = new Throttle(machine, this.#period * 1e6, decide)
    this.#takeOver = new TakeOver(machine.files, stateFile, pid, log)
    try {
      for (const policy of this.#policies) this.#takeOver.take(policy)
    } catch (error) {
      this.#takeOver.giveBack()
      throw error
    }
    this.#periods = new Periods(this.#period, () => this.#run(), clock)
  }

  get figures(): GovernorFigures {
    return {
      ...this.#throttle.figures,
      policies: this.#policies.filter((policy) => !this.#lost.has(policy)).map(({ name }) => name),
      period: this.#period,
      skipped: this.#periods.skipped,
      time: this.#throttle.percentiles(),
    }
  }

  detach(): string[] {
    if (!this.#attached) return []
    this.#attached = false
    this.#periods.stop()
    return this.#takeOver.giveBack()
  }

  #run(): void | Promise<void> {
    const { machine } = this.#options
    machine.beginPeriod()
    let pending: undefined | Promise<void>
    try {
      pending = this.#runFrom(0)
    } catch (error) {
      this.#end(error)
    } finally {
      if (!pending) machine.endPeriod()
    }
    return pending?.catch((error: unknown) => this.#end(error)).finally(() => machine.endPeriod())
  }

  /** One policy after the other: the state takes one call at a time. */
  #runFrom(first: number): undefined | Promise<void> {
    for (let i = first; i < this.#policies.length && this.#attached; i++) {
      const policy = this.#policies[i]!
      const pending = this.#isOurs(policy) ? this.#throttle.run(policy) : undefined
      if (pending) return pending.then(() => this.#runFrom(i + 1))
    }
    return undefined
  }

  /** Nobody can decide any more: the kernel goes on as it did before. */
  #end(error: unknown): void {
    for (const problem of this.detach()) this.#log(problem)
    if (!(error instanceof StateError)) throw error
    this.#log(error.message)
    this.#options.onEnd?.()
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
