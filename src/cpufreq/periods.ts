/**
 * Calls something every so many milliseconds without drift: periods are counted from the start, so that a late one
 * doesn't delay those after it. What comes later than a whole period is skipped, and counted.
 */

/** Milliseconds, and a timer; a test has its own. */
export interface Clock {
  now(): number
  /** Calls `action` after so many milliseconds; the result prevents that. */
  after(milliseconds: number, action: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds)
    return () => clearTimeout(timer)
  },
}

export class Periods {
  /** Periods in which nothing was called, because the one before took too long or the process had no time. */
  skipped = 0
  readonly #length: number
  readonly #action: () => void | Promise<void>
  readonly #clock: Clock
  readonly #start: number
  #next = 1
  #cancel: () => void = () => {}
  #stopped = false

  /** Starts at once; the first call comes after one period. @param length in milliseconds */
  constructor(length: number, action: () => void | Promise<void>, clock: Clock = systemClock) {
    this.#length = length
    this.#action = action
    this.#clock = clock
    this.#start = clock.now()
    this.#wait()
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  #wait(): void {
    const due = this.#start + this.#next * this.#length
    this.#cancel = this.#clock.after(Math.max(0, due - this.#clock.now()), () => this.#run())
  }

  /** An action that takes its time delays the next one. */
  #run(): void {
    const pending = this.#action()
    if (pending) void pending.then(() => this.#done())
    else this.#done()
  }

  #done(): void {
    if (this.#stopped) return
    const late = Math.floor((this.#clock.now() - this.#start) / this.#length) - this.#next
    if (late > 0) this.skipped += late
    this.#next += 1 + Math.max(0, late)
    this.#wait()
  }
}
