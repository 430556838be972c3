/**
 * Runs benchmarks on several engines, interleaved: every engine does run n before any does run n+1, so
 * that a busy or throttled machine slows all alike.
 */
import { basename } from 'node:path'
import { type Engine, reasonOf, type Session } from './engine.ts'
import { geometricMean, median } from './statistics.ts'

/** An engine's times for one benchmark, or why it has none. */
export type Measurement =
  | { readonly runs: readonly number[]; readonly median: number; readonly ratio: number | undefined }
  | { readonly failed: string }

export interface BenchmarkResult {
  readonly name: string
  /** What the benchmark printed, by the first engine that ran it. */
  readonly output: string
  readonly engines: Readonly<Record<string, Measurement>>
  /** Engines that printed something else, with what they printed. */
  readonly mismatches: Readonly<Record<string, string>>
}

export interface MeasureOptions {
  /** Measured runs of each engine, after one warm-up run. */
  readonly runs: number
  /** Milliseconds after which an engine does no more runs of a benchmark (it does at least one). */
  readonly budget: number
  /** Name of the engine that ratios refer to. */
  readonly baseline: string
}

interface Contender {
  readonly engine: Engine
  session: Session | undefined
  failed: string | undefined
  readonly times: number[]
  output: string | undefined
  spent: number
}

const fail = async (contender: Contender, error: unknown): Promise<void> => {
  contender.failed = reasonOf(error)
  const session = contender.session
  contender.session = undefined
  await session?.close().catch(() => {})
}

const start = async (engine: Engine, file: string): Promise<Contender> => {
  const contender: Contender = {
    engine,
    session: undefined,
    failed: undefined,
    times: [],
    output: undefined,
    spent: 0,
  }
  try {
    contender.session = await engine.open(file)
  } catch (error) {
    await fail(contender, error)
  }
  return contender
}

/** One run; its time counts unless it is the warm-up. Every run must print the same. */
const runOnce = async (contender: Contender, warmUp: boolean): Promise<void> => {
  if (contender.session === undefined) return
  try {
    const { ms, output } = await contender.session.run()
    if (contender.output !== undefined && contender.output !== output) {
      throw new Error(`prints ${JSON.stringify(output)} after ${JSON.stringify(contender.output)}`)
    }
    contender.output = output
    contender.spent += ms
    if (!warmUp) contender.times.push(ms)
  } catch (error) {
    await fail(contender, error)
  }
}

const summarize = (file: string, contenders: readonly Contender[], baseline: string): BenchmarkResult => {
  const timed = contenders.filter((contender) => contender.failed === undefined)
  const output = timed[0]?.output ?? ''
  const base = timed.find(({ engine }) => engine.name === baseline)
  const baseMedian = base && median(base.times)
  const engines = contenders.map(({ engine, failed, times }): [string, Measurement] => {
    if (failed !== undefined) return [engine.name, { failed }]
    const middle = median(times)
    return [engine.name, { runs: times, median: middle, ratio: baseMedian && middle / baseMedian }]
  })
  const mismatches = timed
    .filter((contender) => contender.output !== output)
    .map((contender) => [contender.engine.name, contender.output ?? ''])
  return {
    name: basename(file, '.lua'),
    output,
    engines: Object.fromEntries(engines),
    mismatches: Object.fromEntries(mismatches),
  }
}

/** Measures one benchmark file on all engines. */
export const measure = async (
  file: string,
  engines: readonly Engine[],
  { runs, budget, baseline }: MeasureOptions,
): Promise<BenchmarkResult> => {
  const contenders: Contender[] = []
  try {
    for (const engine of engines) contenders.push(await start(engine, file))
    for (const contender of contenders) await runOnce(contender, true)
    for (let run = 1; run <= runs; run++) {
      for (const contender of contenders) {
        if (run === 1 || contender.spent < budget) await runOnce(contender, false)
      }
    }
  } finally {
    for (const { session } of contenders) await session?.close()
  }
  return summarize(file, contenders, baseline)
}

/** Geometric mean of an engine's ratios, and over how many benchmarks. */
export const overall = (
  results: readonly BenchmarkResult[],
  engine: string,
): { readonly mean: number | undefined; readonly count: number } => {
  const ratios = results.flatMap(({ engines }) => {
    const measurement = engines[engine]
    return measurement && 'ratio' in measurement && measurement.ratio !== undefined ? [measurement.ratio] : []
  })
  return { mean: geometricMean(ratios), count: ratios.length }
}
