/** The deadline of a call: once it is over the call's fuel is taken away, and it ends as one that is out of fuel. */
import { COMMAND } from '../isa/layout.ts'
import type { Enter } from './engine.ts'

export class CallDeadline {
  readonly #enter: Enter
  /** On the clock of `performance.now`. */
  readonly #end: number
  #isOver = false

  /** Of a call that has begun at `start`, and may take so many milliseconds. */
  constructor(enter: Enter, start: number, milliseconds: number) {
    this.#enter = enter
    this.#end = start + milliseconds
  }

  /** Asked between two steps of the call. */
  check(now: number = performance.now()): void {
    if (!this.#isOver && now > this.#end) this.#expire()
  }

  #expire(): void {
    this.#isOver = true
    this.#enter(COMMAND.EXPIRE, 0, 0)
  }

  /** What a binding answers, or an error when the time is over: nobody waits for the answer then. */
  within<T>(answer: PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error('out of time'))
      const timer = setTimeout(late, this.#isOver ? 0 : Math.max(this.#end - performance.now(), 0))
      const ended = <V>(settle: (value: V) => void) => {
        return (value: V) => {
          clearTimeout(timer)
          settle(value)
        }
      }
      answer.then(ended(resolve), ended(reject))
    })
  }
}
