/** The benchmark report as text: aligned columns for a terminal, or a Markdown table for the docs. */
import { type BenchmarkResult, type Measurement, overall } from './measure.ts'

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

/** The report for a terminal: the names left-aligned, the numbers right-aligned. */
export const asText = (
  results: readonly BenchmarkResult[],
  engines: readonly string[],
  baseline: string,
): string => {
  const rows = rowsOf(results, engines, baseline)
  const widths = (rows[0] as string[]).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] as string).length)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] as number
        return column === 0 ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd()
  return `${rows.map(line).join('\n')}\n`
}

/** The report as a Markdown table. */
export const asMarkdown = (
  results: readonly BenchmarkResult[],
  engines: readonly string[],
  baseline: string,
): string => {
  const [heading, ...body] = rowsOf(results, engines, baseline) as [string[], ...string[][]]
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`
  const rule = heading.map((_, column) => (column === 0 ? '---' : '---:'))
  return `${[heading, rule, ...body].map(line).join('\n')}\n`
}

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
