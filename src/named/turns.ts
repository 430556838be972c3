/**
 * Whose turn it is to use a state of this process: one user at a time, in the order in which they came. Scripts and
 * hooks wait for bindings while others run, so the lock of the state's memory, which is the process's, isn't enough.
 */
import { LuaError, StateError } from '../state/errors.ts'
import type { State } from '../state/state.ts'

/** Milliseconds for which somebody waits: as long as processes wait for a state in the kernel. */
const PATIENCE = 2000

interface Waiter {
  readonly begin: () => void
  readonly refuse: (error: Error) => void
}

export class Turns {
  readonly #state: State
  readonly #waiting: Waiter[] = []
  #taken = false

  constructor(state: State) {
    this.#state = state
  }

  /**
   * Runs a step when it is its turn, with the state locked.
   * @param signal makes it end with the error `interrupted!`, while it waits as well
   * @throws StateError `BUSY` after two seconds of waiting, and what the step throws
   */
  async run<T>(step: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#taken) await this.#wait(signal)
    else this.#begin()
    const interrupt = () => this.#state.interrupt()
    signal?.addEventListener('abort', interrupt)
    try {
      return await step()
    } finally {
      signal?.removeEventListener('abort', interrupt)
      this.#end()
    }
  }

  /** Runs the call of a hook. It doesn't wait: out of turn the call counts itself as contended. */
  async runHook(call: () => Promise<number>): Promise<number> {
    if (this.#taken) return call()
    this.#taken = true
    try {
      return await call()
    } finally {
      this.#end()
    }
  }

  /** Sends away all who wait. */
  refuse(error: Error): void {
    for (const waiter of [...this.#waiting]) waiter.refuse(error)
  }

  #begin(): void {
    this.#state.lock()
    this.#taken = true
  }

  #end(): void {
    this.#state.unlock()
    this.#taken = false
    this.#waiting[0]?.begin()
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', interrupt)
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
      }
      const waiter: Waiter = {
        begin: () => {
          leave()
          this.#begin()
          resolve()
        },
        refuse: (error) => {
          leave()
          reject(error)
        },
      }
      const interrupt = () => waiter.refuse(new LuaError('interrupted!', 'interrupted!', ''))
      const timer = setTimeout(() => waiter.refuse(busy()), PATIENCE)
      signal?.addEventListener('abort', interrupt)
      this.#waiting.push(waiter)
    })
  }
}

function busy(): StateError {
  return new StateError(
    'BUSY',
    `Cannot use the state: somebody else has been using it for ${PATIENCE / 1000} s`,
    'wait until that ends, or interrupt it',
  )
}
