/** What a simulation comes to: the numbers that governors are compared by. */
import type { SimulationResult } from './simulate.ts'

export interface SimulationSummary {
  readonly governor: string
  /** Joules, of all processors. */
  readonly energy: number
  /** Milliseconds from coming to being done, of pieces of a millisecond's work; null if no work came. */
  readonly delay: { readonly average: number; readonly p99: number } | null
  /** Degrees Celsius, of the hottest processor. */
  readonly hottest: number
  /** Percent of the time in which processors lowered their limits themselves, because of heat. */
  readonly throttled: number
  /** Percent of the time at each frequency, which is in kHz, lowest first. */
  readonly residency: readonly { readonly frequency: number; readonly percent: number }[]
  readonly calls: number
  readonly errors: number
}

export function summarize(
  governor: string,
  { processors, frequencies }: SimulationResult,
  duration: number,
  { calls, errors }: { readonly calls: number; readonly errors: number },
): SimulationSummary {
  const whole = duration * processors.length
  const sum = (of: (figures: SimulationResult['processors'][number]) => number) =>
    processors.reduce((total, figures) => total + of(figures), 0)
  return {
    governor,
    energy: sum(({ energy }) => energy),
    delay: delayOf(processors.flatMap(({ delays }) => delays)),
    hottest: Math.max(...processors.map(({ hottest }) => hottest)),
    throttled: (100 * sum(({ throttled }) => throttled)) / whole,
    residency: frequencies.map((frequency, i) => ({
      frequency,
      percent: (100 * sum(({ residency }) => residency[i]!)) / whole,
    })),
    calls,
    errors,
  }
}

function delayOf(delays: readonly number[]): SimulationSummary['delay'] {
  if (delays.length === 0) return null
  const sorted = Float64Array.from(delays).sort()
  return {
    average: sorted.reduce((total, delay) => total + delay, 0) / sorted.length,
    p99: sorted[Math.ceil(0.99 * sorted.length) - 1]!,
  }
}
