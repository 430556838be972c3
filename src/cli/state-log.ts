/** `moonring log`: what scripts printed, and their errors; once, or as it comes. */

import { setTimeout as sleep } from 'node:timers/promises'
import { printable } from '../host/printable.ts'
import type { LogRecord } from '../named/description.ts'
import type { NamedState } from '../named/named-state.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { continued } from './log-lines.ts'
import { standardOutput } from './output.ts'
import { type Paint, paintFor } from './paint.ts'
import { listStates, openState } from './states.ts'

export interface LogOptions {
  readonly follow?: true
  readonly json?: true
}

/** Milliseconds between two looks. */
const INTERVAL = 200
/**
 * A record begins with a clock, whatever its text is. Its further lines, and what Moonring says itself, have marks in
 * place of that: no text can look like another record, or like a count.
 */
const NO_CLOCK = ' '.repeat('00:00:00.000'.length)
const CONTINUED = `${NO_CLOCK} | `
const REMARK = `${NO_CLOCK} = `
/** Errors whose further occurrences are told. */
const REMEMBERED = 64

/** Shows the log of a state, or of all. With `follow` until the state is destroyed or the command is ended. */
export async function log(name: string | undefined, options: LogOptions): Promise<ExitCode> {
  const names =
    name === undefined
      ? (await listStates()).filter(({ status }) => status === 'ready').map((state) => state.name)
      : [name]
  const paint = paintFor(1)
  const readers = names.map((each) => new LogReader(each, name === undefined, options.json === true, paint))
  for (;;) {
    for (const reader of readers) await reader.read()
    standardOutput.flush()
    const isOver = readers.every((reader) => reader.gone)
    if (!options.follow || isOver) return EXIT.fine
    await sleep(INTERVAL)
  }
}

class LogReader {
  gone = false
  readonly #name: string
  readonly #named: boolean
  readonly #json: boolean
  readonly #paint: Paint
  #next = 0
  /** How often each of the last errors had come when it was shown. */
  readonly #seen = new Map<number, number>()

  constructor(name: string, named: boolean, json: boolean, paint: Paint) {
    this.#name = name
    this.#named = named
    this.#json = json
    this.#paint = paint
  }

  /** Shows what is new. The state is opened for that only, so that anybody may destroy it. */
  async read(): Promise<void> {
    if (this.gone) return
    let state: NamedState
    try {
      state = await openState(this.#name)
    } catch (error) {
      if (this.#next === 0 && this.#seen.size === 0) throw error
      this.gone = true
      return
    }
    try {
      const first = Math.min(this.#next, ...this.#seen.keys())
      const { records, lost } = await state.log(first)
      const missed = lost - (this.#next - first)
      if (missed > 0) this.#note(`${missed} records were overwritten before they could be read`)
      for (const record of records) this.#take(record)
    } finally {
      state.close()
    }
  }

  #take(record: LogRecord): void {
    const before = this.#seen.get(record.number)
    if (record.number >= this.#next) {
      this.#show(record)
      this.#next = record.number + 1
    } else if (before !== undefined && before < record.times) {
      if (this.#json) this.#show(record)
      else this.#note(`${firstLine(record.text)}: ${record.times} times by now`)
    }
    if (record.kind !== 'error') return
    this.#seen.set(record.number, record.times)
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > REMEMBERED && oldest !== undefined) this.#seen.delete(oldest)
  }

  #show(record: LogRecord): void {
    if (this.#json) {
      standardOutput.json({ state: this.#name, ...record })
      return
    }
    const [first = '', ...rest] = continued(record.text, CONTINUED).split('\n')
    const start = record.kind === 'error' ? this.#paint.red(first) : first
    const named = this.#named ? `${this.#paint.bold(this.#name)} ` : ''
    const head = `${this.#paint.dim(clock(record.time))} ${named}${start}`
    const lines = [head, ...rest, ...(record.times > 1 ? [`${REMARK}${record.times} times`] : [])]
    standardOutput.write(`${lines.join('\n')}\n`)
  }

  /** What Moonring says itself. */
  #note(text: string): void {
    if (this.#json) return
    const named = this.#named ? `${this.#paint.bold(this.#name)} ` : ''
    standardOutput.write(`${REMARK}${named}${this.#paint.dim(text)}\n`)
  }
}

/** Hours to milliseconds. */
function clock(time: number): string {
  const at = new Date(time)
  const two = (n: number) => String(n).padStart(2, '0')
  const milliseconds = String(at.getMilliseconds()).padStart(3, '0')
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${milliseconds}`
}

function firstLine(text: string): string {
  return printable(text).split('\n', 1)[0] as string
}
