/** `moonring top`: the states, and what they do at the moment. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { StateDescription } from '../named/description.ts'
import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { standardOutput } from './output.ts'
import { paintFor } from './paint.ts'
import { formatSize, parseCount } from './size.ts'
import { type Column, drawTable, formatCount, formatTime, slowest } from './state-table.ts'
import { listStates } from './states.ts'

export interface TopOptions {
  /** Seconds, as typed. */
  readonly interval?: string
  readonly count?: string
}

const COLUMNS: readonly Column[] = [
  ['name', 'left'],
  ['engine', 'left'],
  ['status', 'left'],
  ['memory', 'right'],
  ['calls/s', 'right'],
  ['errors/s', 'right'],
  ['fallbacks/s', 'right'],
  ['time', 'right'],
  ['mean', 'right'],
  ['p99', 'right'],
  ['collections/s', 'right'],
]

const ENTER_SCREEN = '\x1b[?1049h\x1b[?25l'
const LEAVE_SCREEN = '\x1b[?25h\x1b[?1049l'
const HOME = '\x1b[H'
const CLEAR_LINE = '\x1b[K'
const CLEAR_REST = '\x1b[J'

/** Shows the states every so often, until q or Ctrl-C, or so many times. */
export async function top(options: TopOptions): Promise<ExitCode> {
  const interval = secondsOf(options.interval ?? '1')
  const count = options.count === undefined ? Number.POSITIVE_INFINITY : countOf(options.count)
  const screen = standardOutput.isTerminal
  const stop = new AbortController()
  const leave = screen ? enterScreen(stop) : () => {}
  try {
    let before = await sample()
    for (let i = 0; i < count && !stop.signal.aborted; i++) {
      await sleep(interval, undefined, { signal: stop.signal }).catch(() => {})
      if (stop.signal.aborted) break
      const now = await sample()
      const text = draw(before, now)
      if (screen) showScreen(text)
      else standardOutput.write(`${text}\n`)
      standardOutput.flush()
      before = now
    }
  } finally {
    leave()
  }
  return EXIT.fine
}

/** Replaces what is on the screen, line by line, so that it doesn't flicker. */
function showScreen(text: string): void {
  standardOutput.control(HOME)
  const lines = text.split('\n')
  for (const [i, line] of lines.entries()) {
    standardOutput.write(line)
    standardOutput.control(i < lines.length - 1 ? `${CLEAR_LINE}\n` : CLEAR_REST)
  }
}

/** Milliseconds. */
function secondsOf(text: string): number {
  const seconds = Number(text)
  if (seconds >= 0.1 && seconds <= 3600) return seconds * 1000
  throw wrong(`--interval '${text}'`, 'it is no number of seconds from 0.1 to 3600')
}

function countOf(text: string): number {
  const count = parseCount(text)
  if (count !== undefined) return count
  throw wrong(`--count '${text}'`, 'it is no positive number')
}

function wrong(what: string, reason: string): CommandError {
  return new CommandError('M010', `Cannot use ${what}: ${reason}`, 'moonring top --help', EXIT.usage)
}

/** Takes over the terminal. What gives it back. */
function enterScreen(stop: AbortController): () => void {
  const end = () => stop.abort()
  const key = (bytes: Buffer) => {
    if (['q', 'Q', '\x03', '\x04'].includes(bytes.toString())) end()
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  if (process.stdin.isTTY) process.stdin.setRawMode(true).on('data', key).resume()
  standardOutput.control(ENTER_SCREEN)
  standardOutput.flush()
  return () => {
    if (process.stdin.isTTY) process.stdin.setRawMode(false).off('data', key).pause()
    standardOutput.control(LEAVE_SCREEN)
    standardOutput.flush()
    process.off('SIGINT', end)
    process.off('SIGTERM', end)
  }
}

interface Sample {
  readonly at: number
  readonly states: readonly StateDescription[]
}

async function sample(): Promise<Sample> {
  return { at: performance.now(), states: await listStates() }
}

/** What happened between two samples. */
function draw(before: Sample, now: Sample): string {
  const seconds = (now.at - before.at) / 1000
  const rows = now.states.map((state) => {
    const old = before.states.find(({ name, created }) => name === state.name && created === state.created)
    const rate = (of: (description: StateDescription) => number) =>
      formatCount(Math.round((of(state) - (old ? of(old) : 0)) / seconds))
    const time = timeOf(state) - (old ? timeOf(old) : 0)
    const calls = state.calls - (old?.calls ?? 0)
    return [
      state.name,
      state.engine,
      state.status,
      state.memory.limit === 0 ? '' : `${formatSize(state.memory.used)} of ${formatSize(state.memory.limit)}`,
      rate(({ calls }) => calls),
      rate(({ errors }) => errors),
      rate(({ fallbacks }) => fallbacks),
      `${((time / (seconds * 1e9)) * 100).toFixed(1)} %`,
      calls === 0 ? '' : formatTime(Math.round(time / calls)),
      slowest(state),
      rate(({ collections }) => collections),
    ]
  })
  const clock = new Date().toTimeString().slice(0, 8)
  return `moonring top, ${clock}, ${now.states.length} states, q leaves\n\n${drawTable(COLUMNS, rows, paintFor(1))}`
}

/** Nanoseconds that its hooks have taken. */
function timeOf(state: StateDescription): number {
  return state.hooks.reduce((sum, { sums }) => sum + sums.time, 0)
}
