/**
 * Standard output and standard error, the last stage of every command. Writes are synchronous, so that the
 * process may end at any time after a flush, and what `print` writes is gathered first: a system call per
 * line would take longer than the script.
 */

import { writeSync } from 'node:fs'

/** Gathered bytes are written when there are so many, or after so many milliseconds. */
const FULL = 1 << 16
const DELAY = 20

/** How shells report a program that SIGPIPE has ended: 128 + 13. */
const BROKEN_PIPE = 141

export class Output {
  readonly #descriptor: 1 | 2
  #waiting: Uint8Array[] = []
  #size = 0
  #timer: NodeJS.Timeout | undefined

  constructor(descriptor: 1 | 2) {
    this.#descriptor = descriptor
  }

  /** Takes text (as UTF-8) or bytes, which must not change until they are written. */
  write(text: string | Uint8Array): void {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    this.#waiting.push(bytes)
    this.#size += bytes.length
    if (this.#size >= FULL) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), DELAY)
  }

  /** Writes what has been gathered. Ends the process quietly when nobody reads any more. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#size === 0) return
    const bytes = this.#waiting.length === 1 ? this.#waiting[0]! : Buffer.concat(this.#waiting)
    this.#waiting = []
    this.#size = 0
    writeAll(this.#descriptor, bytes)
  }
}

function writeAll(descriptor: 1 | 2, bytes: Uint8Array): void {
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EAGAIN') pause()
      else if (code === 'EPIPE') process.exit(BROKEN_PIPE)
      else if (descriptor === 2) return
      else throw error
    }
  }
}

/** A moment in which the reader of a pipe that doesn't block can make room. */
export function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
}

export const standardOutput = new Output(1)
export const standardError = new Output(2)
