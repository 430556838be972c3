/** The benchmark report as text: aligned columns for a terminal, or a Markdown table for the docs. */
import { type BenchmarkResult, type Measurement, overall } from './measure.ts'
import { markdownTable, textTable } from './table.ts'

const NONE = '–'

const milliseconds = (measurement: Measurement | undefined): string =>
  measurement && 'median' in measurement ? measurement.median.toFixed(1) : NONE

const ratio = (measurement: Measurement | undefined): string =>
  measurement && 'ratio' in measurement && measurement.ratio !== undefined
    ? `${measurement.ratio.toFixed(2)}×`
    : NONE

/** Rows of cells, the first of them the heading: medians in ms and ratios to the baseline. */
const rowsOf = (
  results: readonly BenchmarkResult[],
  engines: readonly string[],
  baseline: string,
): string[][] => {
  const others = engines.filter((engine) => engine !== baseline)
  const heading = ['benchmark', ...engines.map((engine) => `${engine} ms`), ...others]
  const body = results.map(({ name, engines: measured }) => [
    name,
    ...engines.map((engine) => milliseconds(measured[engine])),
    ...others.map((engine) => ratio(measured[engine])),
  ])
  const means = others.map((engine) => {
    const { mean, count } = overall(results, engine)
    if (mean === undefined) return NONE
    return count === results.length ? `${mean.toFixed(2)}×` : `${mean.toFixed(2)}× (of ${count})`
  })
  return [heading, ...body, ['geometric mean', ...engines.map(() => ''), ...means]]
}

/** The report for a terminal. */
export const asText = (
  results: readonly BenchmarkResult[],
  engines: readonly string[],
  baseline: string,
): string => textTable(rowsOf(results, engines, baseline))

/** The report as a Markdown table. */
export const asMarkdown = (
  results: readonly BenchmarkResult[],
  engines: readonly string[],
  baseline: string,
): string => markdownTable(rowsOf(results, engines, baseline))

/** One line for each engine that could not run a benchmark: which, and why. */
export const failures = (results: readonly BenchmarkResult[]): string[] =>
  results.flatMap(({ name, engines }) =>
    Object.entries(engines).flatMap(([engine, measurement]) =>
      'failed' in measurement ? [`${name}: ${engine} cannot run it: ${measurement.failed}`] : [],
    ),
  )

/** One line for each engine that printed something else than the first engine. */
export const mismatches = (results: readonly BenchmarkResult[]): string[] =>
  results.flatMap(({ name, output, mismatches: others }) =>
    Object.entries(others).map(
      ([engine, text]) =>
        `${name}: ${engine} prints ${JSON.stringify(text)} instead of ${JSON.stringify(output)}`,
    ),
  )
