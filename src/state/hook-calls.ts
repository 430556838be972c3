/** Calls by hooks in user space. Their failures are counted and logged in the state; nobody catches them. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { COMMAND, CONTROL, G, HOOK, REQUEST, STOP } from '../isa/layout.ts'
import type { Argument } from './argument.ts'
import { CallDeadline } from './call-deadline.ts'
import type { CallGate } from './call-gate.ts'
import type { Calls } from './calls.ts'
import type { Instance } from './engine.ts'
import type { StateMemory } from './memory.ts'
import type { Requests } from './requests.ts'
import { nanosecondsSinceBoot } from './time.ts'

/** Milliseconds after which others get a turn. */
const TURN = 5

export class HookCalls {
  readonly #instance: Instance
  readonly #memory: StateMemory
  readonly #gate: CallGate
  readonly #calls: Calls
  readonly #requests: Requests

  constructor(instance: Instance, memory: StateMemory, gate: CallGate, calls: Calls, requests: Requests) {
    this.#instance = instance
    this.#memory = memory
    this.#gate = gate
    this.#calls = calls
    this.#requests = requests
  }

  /** Calls the function of a hook, by the address of its record: the verdict. A hook doesn't wait for a busy state. */
  async call(record: number, args: readonly Argument[]): Promise<number> {
    const m = this.#memory
    if (this.#gate.busy) {
      const { CONTENDED, ON_FAILURE } = HOOK
      m.setCount(record + CONTENDED, m.count(record + CONTENDED) + 1)
      return m.word(record + ON_FAILURE)
    }
    this.#gate.begin()
    try {
      const start = performance.now()
      this.#setTime()
      const deadline = this.#deadlineOf(record, start)
      let turn = start
      let reason = this.#calls.run(COMMAND.HOOK, record, args)
      for (; reason === STOP.FUEL || reason === STOP.REQUEST; reason = this.#calls.goOn()) {
        const now = performance.now()
        deadline.check(now)
        const answer = reason === STOP.REQUEST ? this.#requests.serve() : undefined
        if (answer) {
          await this.#calls.serveLater(deadline.within(answer))
          deadline.check()
        } else if (now - turn > TURN) {
          await this.#gate.wait(nextTurn())
          turn = performance.now()
        }
      }
      const elapsed = Math.min(Math.round((performance.now() - start) * 1e6), 0x7fffffff)
      const verdict = this.#instance.enter(COMMAND.HOOK_END, record, elapsed)
      this.#gate.end()
      return verdict
    } catch (error) {
      this.#gate.failed = true
      throw this.#gate.giveUp(error)
    }
  }

  /** The same with the packet in a slot, at once. `fetch` gives what the VM asks for of the packet. */
  callPacket(record: number, slot: number, fetch: () => void): number {
    this.#gate.begin()
    try {
      this.#setTime()
      const { enter } = this.#instance
      let reason = enter(COMMAND.PACKET, record, slot)
      let deadline: CallDeadline | undefined
      for (; reason === STOP.FUEL || reason === STOP.REQUEST; reason = this.#calls.goOn()) {
        // the time begins when the clock is read first, as in the kernel: short calls don't read it
        if (deadline === undefined) deadline = this.#deadlineOf(record, performance.now())
        else deadline.check()
        if (reason === STOP.FUEL) fetch()
        else this.#servePacket()
      }
      const verdict = enter(COMMAND.HOOK_END, record, 0)
      this.#gate.end()
      return verdict
    } catch (error) {
      this.#gate.failed = true
      throw this.#gate.giveUp(error)
    }
  }

  #servePacket(): void {
    const request = this.#memory.word(G.REQUEST)
    if (request === REQUEST.HOST || request === REQUEST.WRITE) this.#calls.serveAtOnce()
    // as in the kernel, where nobody can serve it
    else this.#instance.enter(COMMAND.HOOK_REQUEST, 0, 0)
  }

  /** What ends a call that has begun at `start`. */
  #deadlineOf(record: number, start: number): CallDeadline {
    return new CallDeadline(this.#instance.enter, start, this.#memory.count(record + HOOK.TIME_LIMIT) / 1e6)
  }

  #setTime(): void {
    const control = this.#instance.control as number
    this.#memory.setCount(control + CONTROL.TIME, nanosecondsSinceBoot())
  }
}
