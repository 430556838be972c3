/**
 * Standard output and standard error, the last stage of every command, and the only place that writes to them. Writes are
 * synchronous, so that the process may end at any time after a flush, and what `print` writes is gathered first: a
 * system call per line would take longer than the script.
 */

import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { decodeBytes, jsonText, printable, unfinished } from '../host/printable.ts'
import { pause } from '../host/read-file.ts'
import { systemError } from '../host/system-error.ts'
import { CommandError } from './command-error.ts'
import { aroundStyles } from './paint.ts'

/** Gathered bytes are written when there are so many, or after so many milliseconds. */
const FULL = 1 << 16
const DELAY = 20

/** Columns of what goes to a file or a pipe. */
const PAGE = 100

/** How shells report a program that SIGPIPE has ended: 128 + 13. */
const BROKEN_PIPE = 141

const NAMES = { 1: 'standard output', 2: 'standard error' } as const

export class Output {
  readonly #descriptor: 1 | 2
  #waiting: Uint8Array[] = []
  #size = 0
  #timer: NodeJS.Timeout | undefined
  /** The beginning of a character of which a script has not written the rest. */
  #cut: Uint8Array | undefined
  #isTerminal: boolean | undefined
  #isRaw = false
  #failure: CommandError | undefined
  #isLasting = false

  constructor(descriptor: 1 | 2) {
    this.#descriptor = descriptor
  }

  /** Whether a terminal reads it. */
  get isTerminal(): boolean {
    this.#isTerminal ??= isatty(this.#descriptor)
    return this.#isTerminal
  }

  /** Columns of the terminal, or of a page. */
  get columns(): number {
    const { columns } = this.#descriptor === 1 ? process.stdout : process.stderr
    return (this.isTerminal && columns) || PAGE
  }

  /** Why something could not be written. */
  get failure(): CommandError | undefined {
    return this.#failure
  }

  /** What a terminal would obey in what scripts print is written as it is, too. */
  writeRaw(): void {
    this.#isRaw = true
  }

  /** What can't be written is lost from now on: the command has more important things to do than to talk. */
  goOnWithout(): void {
    this.#isLasting = true
  }

  /** Writes text for people. What a terminal would obey is spelled out, but for the colours of paint.ts. */
  write(text: string): void {
    this.#endScript()
    this.#gather(Buffer.from(aroundStyles(text, printable)))
  }

  /** Writes text (as UTF-8) or bytes for programs, exactly. Bytes must not change until they are written. */
  exact(text: string | Uint8Array): void {
    this.#endScript()
    this.#gather(typeof text === 'string' ? Buffer.from(text) : text)
  }

  /** Writes a JSON document, with a newline. */
  json(value: unknown, indent?: number): void {
    this.exact(`${jsonText(value, indent)}\n`)
  }

  /** Writes what a script prints: exactly, unless a terminal would obey it. Bytes must not change until they are written. */
  script(bytes: Uint8Array): void {
    if (this.#isRaw || !this.isTerminal) {
      this.#gather(bytes)
      return
    }
    const all = this.#cut === undefined ? bytes : Buffer.concat([this.#cut, bytes])
    const cut = unfinished(all)
    this.#cut = cut === 0 ? undefined : all.slice(all.length - cut)
    this.#gather(Buffer.from(printable(decodeBytes(all.subarray(0, all.length - cut)))))
  }

  /** Writes what the terminal is to obey. */
  control(sequence: string): void {
    this.exact(sequence)
  }

  #endScript(): void {
    if (this.#cut === undefined) return
    const rest = printable(decodeBytes(this.#cut))
    this.#cut = undefined
    this.#gather(Buffer.from(rest))
  }

  #gather(bytes: Uint8Array): void {
    this.#waiting.push(bytes)
    this.#size += bytes.length
    if (this.#size >= FULL) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), DELAY)
  }

  /**
   * Writes what has been gathered. Ends the process quietly when nobody reads any more.
   * @throws CommandError `M006` when standard output can't be written
   */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#size === 0) return
    const bytes = this.#waiting.length === 1 ? this.#waiting[0]! : Buffer.concat(this.#waiting)
    this.#waiting = []
    this.#size = 0
    try {
      writeAll(this.#descriptor, bytes)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** The same at the end of the command. */
  end(): void {
    this.#endScript()
    this.flush()
  }

  #fail(error: unknown): void {
    const known = systemError(error)
    if (known === undefined) throw error
    if (this.#isLasting) return
    if (known.code === 'EPIPE') process.exit(BROKEN_PIPE)
    if (this.#descriptor === 2) return
    const message = `Cannot write to ${NAMES[this.#descriptor]}: ${known.reason} (${known.code})`
    this.#failure = new CommandError('M006', message, known.remedy)
    throw this.#failure
  }
}

function writeAll(descriptor: 1 | 2, bytes: Uint8Array): void {
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written)
    } catch (error) {
      if (systemError(error)?.code !== 'EAGAIN') throw error
      pause()
    }
  }
}

export const standardOutput = new Output(1)
export const standardError = new Output(2)
