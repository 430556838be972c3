/**
 * What scripts see of a machine: processors, their times and temperatures, and policies, each of which sets the
 * frequency of one or several processors. There are two: this one (linux-machine.ts) and a model of one
 * (simulated-machine.ts).
 */

/** Time that a processor has spent since the start, in nanoseconds: as /proc/stat lists them, see proc(5). */
export interface Times {
  readonly user: number
  readonly nice: number
  readonly system: number
  readonly idle: number
  readonly iowait: number
  readonly irq: number
  readonly softirq: number
  readonly steal: number
}

/** In the order in which `cpu.times` returns them. */
export const TIME_NAMES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const

/** Bounds of a frequency, in kHz. */
export interface Limits {
  readonly min: number
  readonly max: number
}

/** Frequencies are in kHz. What may change is a method; it gives nothing while the policy is switched off. */
export interface Policy {
  /** As the kernel names it, such as `policy0`. */
  readonly name: string
  readonly driver: string
  /** What the hardware can do. */
  readonly hardware: Limits
  /** The frequencies it has, lowest first; none if it takes any. */
  readonly frequencies: readonly number[]
  /** Of a change of frequency, in nanoseconds; undefined if nobody knows. */
  readonly latency: number | undefined
  /** All of its processors. */
  readonly related: readonly number[]
  /** Those that are switched on. */
  cpus(): number[]
  /** What the user allows. */
  limits(): Limits | undefined
  /** The frequency that was set last. */
  current(): number | undefined
  governor(): string | undefined
  /** Sets a frequency. The name of the system's error if it refuses, such as `EBUSY`. */
  set(frequency: number): string | undefined
}

export interface Machine {
  /** Numbers of the processors that are switched on. */
  online(): number[]
  /** Undefined for a processor that isn't there or is switched off. */
  times(cpu: number): Times | undefined
  /** Degrees Celsius; undefined if no sensor says anything sensible. */
  temperature(cpu: number): number | undefined
  policies(): readonly Policy[]
  /** The policy that a processor belongs to. */
  policyOf(cpu: number): Policy | undefined
}
