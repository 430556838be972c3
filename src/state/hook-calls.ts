/** Calls by hooks in user space. Their failures are counted and logged in the state; nobody catches them. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { COMMAND, CONTROL, G, HOOK, REQUEST, STOP } from '../isa/layout.ts'
import type { Argument } from './argument.ts'
import type { CallGate } from './call-gate.ts'
import type { Calls } from './calls.ts'
import type { Instance } from './engine.ts'
import type { StateMemory } from './memory.ts'
import type { Requests } from './requests.ts'
import { nanosecondsSinceBoot } from './time.ts'

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
      let reason = this.#calls.run(COMMAND.HOOK, record, args)
      for (; reason === STOP.FUEL || reason === STOP.REQUEST; reason = this.#calls.slice()) {
        const answer = reason === STOP.REQUEST ? this.#requests.serve() : undefined
        if (answer) await this.#calls.serveLater(answer)
        else if (reason === STOP.FUEL) await this.#gate.wait(nextTurn())
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
      for (; reason === STOP.FUEL || reason === STOP.REQUEST; reason = this.#calls.slice()) {
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

  #setTime(): void {
    const control = this.#instance.control as number
    this.#memory.setCount(control + CONTROL.TIME, nanosecondsSinceBoot())
  }
}
