/**
 * One period of one policy: asks whoever decides, and falls back to the built-in rule when that fails. The hook
 * (governor.ts) and the simulator do the same thing here; only their machines differ.
 */
import type { Machine, Policy } from './machine.ts'
import { OndemandRule } from './ondemand-rule.ts'

/**
 * Decides about a policy, by its first processor and frequencies in kHz: the one that was set last and the limits.
 * Whether it did; if not, the built-in rule decides.
 */
export type Decide = (cpu: number, current: number, max: number, min: number) => boolean | Promise<boolean>

export interface ThrottleFigures {
  /** Periods in which the built-in rule decided: after errors, and while the state was busy with something else. */
  fallbacks: number
  /** Frequencies that the system refused to the built-in rule. */
  refused: number
}

/** Microseconds of the last calls are kept for percentiles. */
const KEPT = 1024

export class Throttle {
  readonly figures: ThrottleFigures = { fallbacks: 0, refused: 0 }
  readonly #machine: Machine
  readonly #period: number
  readonly #decide: Decide
  readonly #rules = new Map<Policy, OndemandRule>()
  readonly #times = new Float64Array(KEPT)
  #timed = 0

  /** @param period in nanoseconds */
  constructor(machine: Machine, period: number, decide: Decide) {
    this.#machine = machine
    this.#period = period
    this.#decide = decide
  }

  /** Runs a period of a policy, unless it is switched off. A promise if whoever decides takes its time. */
  run(policy: Policy): void | Promise<void> {
    const cpus = policy.cpus()
    const [cpu] = cpus
    const current = policy.current()
    const limits = policy.limits()
    if (cpu === undefined || current === undefined || limits === undefined) return
    // the rule watches each period, so that it knows the load of the one in which it is needed
    const rule = this.#ruleOf(policy)
    const load = rule.load(cpus)
    const start = performance.now()
    const decided = this.#decide(cpu, current, limits.max, limits.min)
    const finish = (isDecided: boolean) => {
      this.#times[this.#timed++ % KEPT] = (performance.now() - start) * 1000
      if (!isDecided) this.#fallBack(rule, load)
    }
    return typeof decided === 'boolean' ? finish(decided) : decided.then(finish)
  }

  #fallBack(rule: OndemandRule, load: number): void {
    this.figures.fallbacks++
    if (rule.apply(load).refused !== undefined) this.figures.refused++
  }

  /** Microseconds that half of the last decisions stayed within, and 99 of 100; 0 before the first. */
  percentiles(): { p50: number; p99: number } {
    const sorted = this.#times.slice(0, Math.min(this.#timed, KEPT)).sort()
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
    return { p50: at(0.5), p99: at(0.99) }
  }

  #ruleOf(policy: Policy): OndemandRule {
    let rule = this.#rules.get(policy)
    if (rule === undefined) {
      rule = new OndemandRule(this.#machine, policy, this.#period)
      this.#rules.set(policy, rule)
    }
    return rule
  }
}
