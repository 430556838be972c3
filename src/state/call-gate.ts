/**
 * The one way into a state and out of it. Every use of its memory begins with `begin` and ends with `end` or `giveUp`,
 * whatever is thrown in between: by the VM, or by a getter, a binding or a callback of the host. So no failure leaves
 * the state busy, its lock taken, or a half-written value on its stack.
 */
import { COMMAND, CONTROL, G } from '../isa/layout.ts'
import type { Instance } from './engine.ts'
import { asTyped, closed, interrupted, StateError } from './errors.ts'
import type { StateMemory } from './memory.ts'
import { StateLock } from './state-lock.ts'
import { nanosecondsSinceBoot } from './time.ts'

const STATUS = {
  IDLE: 0,
  /** A call is under way: its code is on the stack, or it waits (`#wake`). */
  BUSY: 1,
  /** An iteration waits for its next step. */
  PARKED: 2,
  /** A call has failed, and so has clearing away what it left: that is done before the next one. */
  LEFT: 3,
  BROKEN: 4,
  /** The state is closed as soon as the code that works with its memory has ended. */
  CLOSING: 5,
  CLOSED: 6,
} as const

/** What somebody who was waited for has answered; undefined: the wait was ended. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown } | undefined

export class CallGate {
  /** Of the last call, which is the one under way if there is one. */
  number = 0
  /** Set where a call has failed, before `giveUp`: for that there may be no stack left. */
  failed = false
  readonly #instance: Instance
  readonly #memory: StateMemory
  readonly #lock: StateLock | undefined
  #status: number = STATUS.IDLE
  /** How often the call under way has been interrupted, and whether the script is still to be told. */
  #interruptions = 0
  #isInterrupting = false
  /** Whether the lock is held for a sequence of calls. */
  #held = false
  /** Ends the wait of the call under way. */
  #wake: (() => void) | undefined
  /** Is called just before the memory is given back. */
  readonly #onShut: () => void

  constructor(instance: Instance, memory: StateMemory, onShut: () => void) {
    this.#instance = instance
    this.#memory = memory
    this.#onShut = onShut
    const { buffer, control } = instance
    if (control !== undefined) this.#lock = new StateLock(buffer, control + CONTROL.LOCK)
  }

  /** Whether somebody uses the state, or has locked it for a sequence of calls. */
  get busy(): boolean {
    return this.#status === STATUS.BUSY || this.#status === STATUS.PARKED || this.#held
  }

  /** Whether the memory is gone, or about to go. */
  get closed(): boolean {
    return this.#status >= STATUS.CLOSING
  }

  /** Whether the call under way is to do something else than go on: `checkpoint` says what. */
  get disturbed(): boolean {
    return this.#status !== STATUS.BUSY || this.#isInterrupting
  }

  /** Begins a use of the memory. @throws StateError `BUSY`, `CLOSED`, `BROKEN` */
  begin(): void {
    if (this.#status !== STATUS.IDLE) this.#makeIdle()
    if (this.#lock) {
      if (!this.#held) this.#acquire(this.#lock)
      this.toBottom() // wherever hooks left it
    }
    this.#status = STATUS.BUSY
    this.#interruptions = 0
    this.#isInterrupting = false
    this.number++
  }

  /** Ends a use that was successful and left the stack empty. */
  end(): void {
    if (this.#status === STATUS.BUSY) {
      this.#status = STATUS.IDLE
      if (this.#lock && !this.#held) this.#lock.release()
    } else this.#shut(true)
  }

  /** Ends the use under way after a failure. Returns the typed error to be thrown. */
  giveUp(error: unknown): unknown {
    const typed = asTyped(error)
    this.failed = false
    if (this.#status === STATUS.CLOSED) return typed
    if (this.#status === STATUS.CLOSING) {
      this.#shut(true)
      return typed
    }
    this.#status = isBroken(typed) ? STATUS.BROKEN : STATUS.LEFT
    try {
      if (this.#status === STATUS.LEFT) this.#clear()
      else if (!this.#held) this.#lock?.release()
    } catch {
      // the stack of JavaScript may be used up: the next call clears away what is left
    }
    return typed
  }

  /** Uses the memory for something short. */
  use<T>(step: () => T): T {
    this.begin()
    try {
      const result = step()
      this.toBottom()
      this.end()
      return result
    } catch (error) {
      this.failed = true
      throw this.giveUp(error)
    }
  }

  /** Empties the stack. */
  toBottom(): void {
    const m = this.#memory
    const bottom = m.bottom()
    m.setWord(G.BASE, bottom)
    m.setWord(G.TOP, bottom)
  }

  /** Waits for an answer, or until the call is interrupted. @throws StateError `CLOSED` if the state is closed meanwhile */
  async wait(answer: PromiseLike<unknown>): Promise<Outcome> {
    const outcome = await new Promise<Outcome>((resolve) => {
      this.#wake = () => resolve(undefined)
      try {
        answer.then(
          (value) => resolve({ value }),
          (error: unknown) => resolve({ error }),
        )
      } catch (error) {
        resolve({ error }) // of a `then` that isn't a promise's
      }
    })
    this.#wake = undefined
    if (this.#status !== STATUS.BUSY) throw closed()
    return outcome
  }

  /** The call under way, an iteration, waits for its next step: any other call ends it. */
  park(): void {
    if (this.#status === STATUS.BUSY) this.#status = STATUS.PARKED
  }

  /** Goes on with a parked call. @throws what has ended it */
  unpark(number: number): void {
    if (this.#status === STATUS.CLOSED) throw closed()
    if (this.number !== number)
      throw new StateError('ENDED', 'Cannot go on with the iteration: another call in the state has ended it')
    if (this.#status !== STATUS.PARKED) throw interrupted()
    this.#status = STATUS.BUSY
  }

  /** Whether a call is still under way. */
  isUnderWay(number: number): boolean {
    const status = this.#status
    const isUsed = status === STATUS.BUSY || status === STATUS.PARKED || status === STATUS.CLOSING
    return isUsed && this.number === number
  }

  /**
   * Asked between two steps of a call, when it is disturbed. True: the error `interrupted!` is to be raised in the
   * script, which may catch it; the second interruption it can't catch.
   * @throws StateError `CLOSED`, LuaError
   */
  checkpoint(): boolean {
    if (this.#status !== STATUS.BUSY) throw closed()
    if (this.#interruptions > 1) throw interrupted()
    const isInterrupting = this.#isInterrupting
    this.#isInterrupting = false
    return isInterrupting
  }

  /** Asks the call under way to end, also where it waits. */
  interrupt(): void {
    if (this.#status === STATUS.PARKED) this.giveUp(undefined)
    if (this.#status !== STATUS.BUSY) return
    this.#interruptions++
    this.#isInterrupting = true
    this.#wake?.()
  }

  /** Interrupts again a call that has been interrupted and still runs: it may have caught the error. */
  insist(): void {
    if (this.#interruptions > 0) this.#isInterrupting = true
  }

  /** @throws StateError `BUSY` if somebody else holds the state for too long, or it is locked already */
  lock(): void {
    if (this.closed) throw closed()
    if (this.#held) throw new StateError('BUSY', 'Cannot lock the state: it is locked already')
    if (this.#lock && !this.#isUsed) this.#acquire(this.#lock)
    this.#held = true
  }

  unlock(): void {
    if (!this.#held) return
    this.#held = false
    if (!this.#isUsed && !this.closed) this.#lock?.release()
  }

  /**
   * Closes the state: `finalize` runs first, if no call is under way. What waits is told; what is on the stack may
   * finish its step.
   */
  close(finalize: () => void): void {
    if (this.closed) return
    const status = this.#status
    const isUsed = this.#isUsed
    this.#status = STATUS.CLOSING
    if (status === STATUS.BUSY && !this.#wake) return // `end` or `giveUp` gives the memory back
    try {
      if (status === STATUS.IDLE) finalize()
    } finally {
      this.#shut(isUsed)
    }
  }

  /** Whether a call has the memory, and with it the lock. */
  get #isUsed(): boolean {
    return this.#status >= STATUS.BUSY && this.#status <= STATUS.LEFT
  }

  /** Gives the memory back; `isUsed`: a call has it, of which nothing is left for others that use the same memory. */
  #shut(isUsed: boolean): void {
    if (this.#status === STATUS.CLOSED) return
    this.#status = STATUS.CLOSED
    try {
      if (isUsed) this.#reset()
    } catch {
      // it is broken, which others see in the memory
    }
    if (isUsed || this.#held) this.#lock?.release()
    this.#onShut()
    this.#instance.close()
    this.#wake?.()
  }

  /** Makes room for a new call, where that is possible. */
  #makeIdle(): void {
    if (this.failed) this.giveUp(undefined)
    if (this.closed) throw closed()
    if (this.#status === STATUS.IDLE) return
    if (this.#status === STATUS.BUSY)
      throw new StateError('BUSY', 'Cannot use the state: another call is under way in it')
    if (this.#status === STATUS.BROKEN)
      throw new StateError(
        'BROKEN',
        'Cannot use the state: a fault has broken it',
        'close it, and make another',
      )
    this.#clear()
  }

  /** Clears away what a call has left, and is idle. @throws StateError `BROKEN` */
  #clear(): void {
    try {
      this.#reset()
    } catch (error) {
      if (isBroken(error)) this.#status = STATUS.BROKEN
      if (isBroken(error) && !this.#held) this.#lock?.release()
      throw error
    }
    this.#status = STATUS.IDLE
    if (!this.#held) this.#lock?.release()
  }

  /** Ends whatever runs in the memory. */
  #reset(): void {
    const m = this.#memory
    const { enter } = this.#instance
    enter(COMMAND.RESET, 0, 0)
    m.setWord(G.LEASE, m.word(G.LEASE) + 1)
    m.setWord(G.YIELDABLE, 0)
    const staged = m.word(G.STAGED) // a chunk that was being loaded
    m.setWord(G.STAGED, 0)
    if (staged) enter(COMMAND.RELEASE, staged, 0)
  }

  #acquire(lock: StateLock): void {
    const isTaken = lock.acquire()
    this.#memory.setCount((this.#instance.control as number) + CONTROL.HELD, nanosecondsSinceBoot())
    if (!isTaken) return
    // the holder died: the VM has finished its last command, so its memory is sound, and the call is abandoned
    try {
      this.#reset()
    } catch (error) {
      lock.release()
      throw error
    }
    const m = this.#memory
    const control = this.#instance.control as number
    m.setWord(control + CONTROL.RECOVERED, m.word(control + CONTROL.RECOVERED) + 1)
  }
}

function isBroken(error: unknown): boolean {
  return error instanceof StateError && error.code === 'BROKEN'
}
