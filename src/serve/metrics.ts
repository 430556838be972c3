/**
 * Figures of states as OpenMetrics text, version 1.0: all that `show` tells as numbers. They are read when they are
 * asked for, and kept nowhere.
 */
import type { Histogram, OpenMetricsContentType, Registry } from 'prom-client'
import type { HookDescription, StateDescription } from '../named/description.ts'
import { leastOf } from '../named/histogram.ts'

type Labels = Readonly<Record<string, string>>
type Client = typeof import('prom-client')

/** Powers of two between which the buckets of a state's histograms are told; below the first lies nearly nothing. */
const BOUNDS = Array.from({ length: 28 }, (_, i) => 2 ** (i + 4))

/** The figures as text, and its media type. */
export async function openMetrics(
  states: readonly StateDescription[],
): Promise<{ readonly type: string; readonly text: string }> {
  const client = await import('prom-client')
  const registry = new client.Registry<OpenMetricsContentType>()
  registry.setContentType(client.Registry.OPENMETRICS_CONTENT_TYPE)
  const figures = new Figures(client, registry as unknown as Registry)
  for (const state of states) addState(figures, state)
  return { type: registry.contentType, text: await registry.metrics() }
}

function addState(figures: Figures, state: StateDescription): void {
  const { name, engine, status, version, memory, log } = state
  figures.gauge(
    'state_status',
    'States; 1 with the status that each has',
    { state: name, engine, status, version },
    1,
  )
  if (state.replicas === 0) return // nothing else is known about it
  const labels = { state: name, engine }
  const created = Date.parse(state.created) / 1000
  figures.gauge('state_created_seconds', 'When the state was made, since 1970', labels, created)
  figures.gauge('state_replicas', 'Memories with a copy of the state', labels, state.replicas)
  figures.gauge('state_memory_used_bytes', 'Memory in use', labels, memory.used)
  figures.gauge('state_memory_limit_bytes', 'Memory that may be used', labels, memory.limit)
  figures.gauge('state_memory_peak_bytes', 'Most memory that was in use', labels, memory.peak)
  figures.count('state_collections', 'Garbage collections', labels, state.collections)
  figures.count('state_recoveries', 'Times the lock was taken from a dead process', labels, state.recovered)
  figures.count('state_log_records', 'Records written to the log', labels, log.records)
  figures.count('state_log_dropped', 'Records of the log that were overwritten', labels, log.dropped)
  for (const hook of state.hooks) addHook(figures, labels, hook)
}

function addHook(figures: Figures, state: Labels, hook: HookDescription): void {
  const labels = { ...state, hook: hook.name, target: hook.target }
  figures.count('hook_calls', 'Calls of a hook', labels, hook.calls)
  figures.count('hook_errors', 'Calls that failed in the script', labels, hook.errors)
  for (const [cause, n] of Object.entries(hook.fallbacks))
    figures.count('hook_fallbacks', 'Default verdicts, by cause', { ...labels, cause }, n)
  const { times, fuels, sums } = hook
  figures.histogram(
    'hook_time_seconds',
    'Time of calls that reached the script',
    labels,
    times,
    sums.time,
    1e9,
  )
  figures.histogram('hook_fuel', 'Instructions of calls that reached the script', labels, fuels, sums.fuel, 1)
  for (const [figure, value] of Object.entries(hook.own ?? {}))
    if (typeof value === 'number')
      figures.gauge('hook_figure', "Figures of a hook's own", { ...labels, figure }, value)
}

/** Metrics of a registry, made when the first number comes. Numbers with the same labels add up. */
class Figures {
  readonly #client: Client
  readonly #registers: Registry[]
  readonly #histograms = new Map<string, CountedHistogram>()

  constructor(client: Client, registry: Registry) {
    this.#client = client
    this.#registers = [registry]
  }

  gauge(name: string, help: string, labels: Labels, value: number): void {
    this.#metric(name, this.#client.Gauge, help, labels).inc(labels, value)
  }

  count(name: string, help: string, labels: Labels, value: number): void {
    this.#metric(name, this.#client.Counter, help, labels).inc(labels, value)
  }

  #metric<M extends 'Gauge' | 'Counter'>(
    name: string,
    Metric: Client[M],
    help: string,
    labels: Labels,
  ): InstanceType<Client[M]> {
    const full = `moonring_${name}`
    const known = this.#registers[0]?.getSingleMetric(full)
    const labelNames = Object.keys(labels)
    return (known ??
      new Metric({ name: full, help, labelNames, registers: this.#registers })) as InstanceType<Client[M]>
  }

  /** `counts` by bucket of src/named/histogram.ts; `unit`: how many of them are one. */
  histogram(
    name: string,
    help: string,
    labels: Labels,
    counts: readonly number[],
    sum: number,
    unit: number,
  ): void {
    let histogram = this.#histograms.get(name)
    if (histogram === undefined) {
      histogram = new CountedHistogram(`moonring_${name}`, help, unit)
      // to the registry a metric is what has a name and `get`
      this.#registers[0]?.registerMetric(histogram as unknown as Histogram)
      this.#histograms.set(name, histogram)
    }
    histogram.add(labels, counts, sum)
  }
}

interface Counts {
  readonly labels: Labels
  readonly counts: readonly number[]
  readonly sum: number
}

/** A histogram that takes counts, where those of the library take observations one by one. */
class CountedHistogram {
  readonly name: string
  readonly #help: string
  readonly #unit: number
  readonly #all = new Map<string, Counts>()

  constructor(name: string, help: string, unit: number) {
    this.name = name
    this.#help = help
    this.#unit = unit
  }

  add(labels: Labels, counts: readonly number[], sum: number): void {
    const key = JSON.stringify(labels)
    const before = this.#all.get(key)
    const together = counts.map((n, i) => n + (before?.counts[i] ?? 0))
    this.#all.set(key, { labels, counts: together, sum: sum + (before?.sum ?? 0) })
  }

  /** As the registry writes it. */
  async get() {
    const values = [...this.#all.values()].flatMap((counts) => this.#valuesOf(counts))
    return { name: this.name, help: this.#help, type: 'histogram', values }
  }

  #valuesOf({ labels, counts, sum }: Counts) {
    const at = (suffix: string, value: number, le?: number | string) => ({
      metricName: `${this.name}_${suffix}`,
      labels: le === undefined ? labels : { ...labels, le },
      value,
    })
    const total = countBelow(counts, Number.POSITIVE_INFINITY)
    return [
      // numbers are whole: below a bound is at most one less
      ...BOUNDS.map((bound) => at('bucket', countBelow(counts, bound), (bound - 1) / this.#unit)),
      at('bucket', total, '+Inf'),
      at('sum', sum / this.#unit),
      at('count', total),
    ]
  }
}

/** Numbers below a power of two, where a bucket begins. */
function countBelow(counts: readonly number[], bound: number): number {
  return counts.reduce((sum, n, bucket) => (leastOf(bucket) < bound ? sum + n : sum), 0)
}
