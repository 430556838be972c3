/**
 * Traces of load: how much work came to each processor, when. A text with comma-separated values, which spreadsheets
 * read as well:
 *
 *     # anything, for people
 *     ms,cpu0,cpu1
 *     0,12,100
 *     50,0,35.5
 *
 * A row holds for the time from its first number, in milliseconds, to that of the next row; the last one for as long as
 * the one before it. The others are percent of what the processor can do at its highest frequency; more than 100
 * is work that has to wait.
 */
import { TraceError } from './trace-error.ts'

export interface LoadTrace {
  /** How many processors. */
  readonly cpus: number
  /** Whole length in milliseconds. */
  readonly duration: number
  readonly rows: readonly LoadRow[]
}

export interface LoadRow {
  /** Start and end in milliseconds. */
  readonly from: number
  readonly to: number
  /** Percent, for each processor. */
  readonly loads: readonly number[]
}

const MOST_ROWS = 1_000_000
const MOST_CPUS = 1024
const MOST_PERCENT = 10_000
/** A day. */
const LONGEST = 24 * 3600 * 1000

const HINT = 'record one with moonring record load, or look at examples/traces'

/**
 * @param name of the file, for messages
 * @throws TraceError F002 for what is no trace, F003 for what is too large
 */
export function parseLoadTrace(text: string, name: string): LoadTrace {
  const lines = text.split(/\r?\n/).map((line, i) => ({ line: line.trim(), number: i + 1 }))
  const [head, ...body] = lines.filter(({ line }) => line !== '' && !line.startsWith('#'))
  const cpus = processorsIn(head?.line ?? '')
  if (cpus === undefined) throw bad(name, head?.number ?? 1, 'the first line must be ms,cpu0,cpu1,…')
  if (body.length < 2) throw bad(name, lines.length, 'a trace has two rows at least')
  if (body.length > MOST_ROWS)
    throw new TraceError('F003', `Cannot use ${name}: it has more than ${MOST_ROWS} rows`, 'shorten it')
  const cells = body.map(({ line, number }) => cellsOf(line, number, cpus, name))
  const times = cells.map(([time]) => time!)
  const last = times.length - 1
  for (let i = 1; i <= last; i++)
    if (times[i]! <= times[i - 1]!) throw bad(name, body[i]!.number, 'times must grow')
  const start = times[0]!
  const end = times[last]! + times[last]! - times[last - 1]!
  if (end - start > LONGEST)
    throw new TraceError('F003', `Cannot use ${name}: it is longer than a day`, 'shorten it')
  const rows = cells.map(([from, ...loads], i) => ({
    from: from! - start,
    to: (times[i + 1] ?? end) - start,
    loads,
  }))
  return { cpus, duration: end - start, rows }
}

function processorsIn(head: string): number | undefined {
  const names = head.split(',').map((cell) => cell.trim())
  const cpus = names.length - 1
  const isHead = names[0] === 'ms' && names.slice(1).every((cell) => /^cpu\d+$/.test(cell))
  return isHead && cpus >= 1 && cpus <= MOST_CPUS ? cpus : undefined
}

function cellsOf(line: string, number: number, cpus: number, name: string): number[] {
  const cells = line
    .split(',')
    .map((cell) => (/^ *\d{1,15}(\.\d+)? *$/.test(cell) ? Number(cell) : Number.NaN))
  if (cells.length !== cpus + 1)
    throw bad(name, number, `${cells.length} values, where the first line has ${cpus + 1}`)
  if (cells.some((cell) => Number.isNaN(cell))) throw bad(name, number, 'a value is no number from 0 on')
  if (cells.slice(1).some((cell) => cell > MOST_PERCENT))
    throw bad(name, number, `a load is more than ${MOST_PERCENT} percent`)
  return cells
}

function bad(name: string, line: number, reason: string): TraceError {
  return new TraceError('F002', `Cannot use ${name} as a trace of loads: line ${line}: ${reason}`, HINT)
}

/** A trace as a text. @param remarks lines for people, without `#` */
export function formatLoadTrace(
  remarks: readonly string[],
  cpus: number,
  rows: Iterable<readonly [ms: number, ...loads: number[]]>,
): string {
  const head = ['ms', ...Array.from({ length: cpus }, (_, cpu) => `cpu${cpu}`)].join(',')
  const lines = [...rows].map((row) => row.map((value) => String(Number(value.toFixed(1)))).join(','))
  return [...remarks.map((remark) => `# ${remark}`), head, ...lines, ''].join('\n')
}
