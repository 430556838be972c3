/**
 * The kernel's governor `ondemand` as a rule in TypeScript: what happens in a period in which a script fails, and
 * what examples/ondemand.lua is compared with. After dbs_update and od_update in drivers/cpufreq/cpufreq_governor.c
 * and cpufreq_ondemand.c of Linux 6.12, with their defaults: no powersave bias, waiting for input and output is idle,
 * loads of niced processes count, no longer periods at the highest frequency.
 */
import { type Outcome, setFrequency } from './frequency-table.ts'
import type { Machine, Policy, Times } from './machine.ts'

/** Percent above which the frequency goes up to the limit: MICRO_FREQUENCY_UP_THRESHOLD. */
const UP_THRESHOLD = 95

interface Seen {
  idle: number
  whole: number
  load: number
}

const idleTime = ({ idle, iowait }: Times): number => idle + iowait
const wholeTime = (times: Times): number => Object.values(times).reduce((sum: number, part) => sum + part, 0)

/** Keeps the times of one policy's processors from one period to the next. */
export class OndemandRule {
  readonly #machine: Machine
  readonly #policy: Policy
  readonly #period: number
  readonly #seen = new Map<number, Seen>()

  /** @param period in nanoseconds */
  constructor(machine: Machine, policy: Policy, period: number) {
    this.#machine = machine
    this.#policy = policy
    this.#period = period
  }

  /** The highest load since the last call of the policy's processors that are switched on, in whole percent. */
  load(cpus: readonly number[]): number {
    return Math.max(0, ...cpus.map((cpu) => this.#loadOf(cpu)))
  }

  #loadOf(cpu: number): number {
    const times = this.#machine.times(cpu)
    if (times === undefined) return 0
    const [idle, whole] = [idleTime(times), wholeTime(times)]
    const before = this.#seen.get(cpu)
    const elapsed = whole - (before?.whole ?? 0)
    const rested = idle - (before?.idle ?? 0)
    const last = before?.load ?? 0
    // time that stands still, and a processor that wakes up after a long rest: as busy as before, once
    const woken = elapsed > 0 && rested > 2 * this.#period && last > 0
    if (elapsed <= 0 || woken) {
      this.#seen.set(cpu, { idle, whole, load: woken ? 0 : last })
      return last
    }
    const load = elapsed > rested ? Math.floor((100 * (elapsed - Math.max(rested, 0))) / elapsed) : 0
    this.#seen.set(cpu, { idle, whole, load })
    return load
  }

  /** Sets the frequency that a load asks for. */
  apply(load: number): Outcome {
    const limits = this.#policy.limits()
    if (limits === undefined) return { frequency: undefined, refused: undefined }
    if (load > UP_THRESHOLD) return setFrequency(this.#policy, limits.max, '<=')
    const { min, max } = this.#policy.hardware
    return setFrequency(this.#policy, min + Math.floor((load * (max - min)) / 100), '~')
  }
}
