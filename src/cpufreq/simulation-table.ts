/** The table of a simulation: a row for each number, a column for each governor. */
import Table from 'cli-table3'
import type { SimulationSummary } from './simulation-summary.ts'

/** Columns are divided by spaces alone. */
const CHARS = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((name) => [name, '']),
)

const GAP = '  '

export function drawSimulations(summaries: readonly SimulationSummary[]): string {
  const rows = rowsOf(summaries)
  const table = new Table({
    head: ['', ...summaries.map(({ governor }) => governor)],
    chars: { ...CHARS, middle: GAP },
    colAligns: ['left', ...summaries.map(() => 'right' as const)],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows)
  const lines = table.toString().split('\n')
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

function rowsOf(summaries: readonly SimulationSummary[]): string[][] {
  const row = (title: string, cell: (summary: SimulationSummary) => string) => [title, ...summaries.map(cell)]
  const ms = (value: number | undefined) => (value === undefined ? '–' : `${value.toFixed(1)} ms`)
  return [
    row('energy', ({ energy }) => `${energy.toFixed(1)} J`),
    row('delay, average', ({ delay }) => ms(delay?.average)),
    row('delay, 99 of 100 within', ({ delay }) => ms(delay?.p99)),
    row('hottest', ({ hottest }) => `${hottest.toFixed(0)} °C`),
    row('slowed down by heat', ({ throttled }) => percent(throttled)),
    ...(summaries[0]?.residency ?? []).map(({ frequency }, i) =>
      row(`at ${(frequency / 1e6).toFixed(1)} GHz`, ({ residency }) => percent(residency[i]!.percent)),
    ),
    row('calls that failed', ({ errors, calls }) => `${errors} of ${calls}`),
  ]
}

const percent = (value: number): string => `${value.toFixed(1)} %`
