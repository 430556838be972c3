/** Records loads from a machine's times, for a trace. */
import type { LinuxMachine } from './linux-machine.ts'
import type { Times } from './machine.ts'
import { type Clock, Periods } from './periods.ts'
import { busyPercent } from './processor-times.ts'

/** Milliseconds since the start, then percent of each processor at its highest frequency. */
export type RecordedRow = [ms: number, ...loads: number[]]

export class LoadRecorder {
  /** The processors that were switched on at the start. */
  readonly cpus: readonly number[]
  readonly #machine: LinuxMachine
  readonly #clock: Clock
  readonly #origin: number
  readonly #rows: RecordedRow[] = []
  readonly #periods: Periods
  /** When the row began that is under way, in milliseconds since the start. */
  #start = 0
  #before: ReadonlyMap<number, Times | undefined>

  /** Starts at once. @param period in milliseconds */
  constructor(machine: LinuxMachine, period: number, clock: Clock) {
    this.#machine = machine
    this.#clock = clock
    this.#origin = clock.now()
    this.cpus = machine.online()
    this.#before = this.#times()
    this.#periods = new Periods(period, () => this.#record(), clock)
  }

  /** Ends, and gives the rows; the last one may be shorter than a period and is left out. */
  stop(): readonly RecordedRow[] {
    this.#periods.stop()
    return this.#rows
  }

  #times(): ReadonlyMap<number, Times | undefined> {
    this.#machine.beginPeriod()
    const times = this.cpus.map((cpu) => [cpu, this.#machine.times(cpu)] as const)
    this.#machine.endPeriod()
    return new Map(times)
  }

  #record(): void {
    const now = this.#times()
    const loads = this.cpus.map((cpu) => this.#load(cpu, this.#before.get(cpu), now.get(cpu)))
    this.#rows.push([this.#start, ...loads])
    this.#start = Math.round(this.#clock.now() - this.#origin)
    this.#before = now
  }

  /** Busy time as the work it was: at half the highest frequency it is half as much. */
  #load(cpu: number, before: Times | undefined, after: Times | undefined): number {
    if (before === undefined || after === undefined) return 0
    const busy = busyPercent(before, after) ?? 0
    const policy = this.#machine.policyOf(cpu)
    const current = policy?.current()
    if (policy === undefined || current === undefined || policy.hardware.max <= 0) return busy
    return busy * Math.min(1, current / policy.hardware.max)
  }
}
