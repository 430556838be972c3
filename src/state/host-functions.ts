/**
 * Functions of JavaScript that scripts can call: those that are registered, by fixed numbers, and those that were passed as
 * values. Of the latter a state knows only the number, wherever it has one; those that are in its memory nowhere any
 * more are forgotten now and then.
 */
import { randomInt } from 'node:crypto'
import { G, MEMORY, TAG } from '../isa/layout.ts'
import type { HostFunction } from './argument.ts'
import type { StateMemory } from './memory.ts'

/** A function of the host, and the name that scripts call it by. */
export interface RegisteredFunction {
  readonly name: string
  readonly call: HostFunction
}

/** Numbers from here on are those of functions that were passed. */
const FIRST_PASSED = 1 << 30
/** Functions that may gather before the memory is searched for them, at least. */
const FEW = 1000
/** Bytes of memory for each of them, so that searching costs little for each function. */
const BYTES_EACH = 1 << 14

export class HostFunctions {
  /** By their numbers; those of other processes that use the state are missing. */
  readonly registered: (RegisteredFunction | undefined)[] = []
  readonly #memory: StateMemory
  readonly #passed = new Map<number, RegisteredFunction>()
  readonly #numbers = new Map<HostFunction, number>()
  #next: number
  #most = FEW

  /** `isShared`: other processes pass functions to the same state, under other numbers. */
  constructor(memory: StateMemory, isShared: boolean) {
    this.#memory = memory
    this.#next = FIRST_PASSED + (isShared ? randomInt(FIRST_PASSED >>> 1) : 0)
  }

  get(number: number): RegisteredFunction | undefined {
    return number < FIRST_PASSED ? this.registered[number] : this.#passed.get(number)
  }

  /** Functions that were passed and are still remembered. */
  get passed(): number {
    return this.#passed.size
  }

  /** The number of a function that is passed: the same as long as it is remembered. */
  numberOf(call: HostFunction): number {
    const known = this.#numbers.get(call)
    if (known !== undefined) return known
    if (this.#passed.size >= this.#most) this.#forget()
    const number = this.#next++
    this.#numbers.set(call, number)
    this.#passed.set(number, { name: 'a JavaScript function', call })
    return number
  }

  /** Forgets the functions whose words are nowhere in the memory: nothing can call them any more. */
  #forget(): void {
    const { words } = this.#memory
    const end = Math.max(this.#memory.word(G.HEAP_TOP), MEMORY.HEAP) >>> 2
    const found = new Set<number>()
    for (let i = 1; i < end; i += 2) if (words[i] === TAG.HOST) found.add(words[i - 1] as number)
    for (const [number, { call }] of this.#passed) {
      if (found.has(number)) continue
      this.#passed.delete(number)
      this.#numbers.delete(call)
    }
    this.#most = Math.max(FEW, this.#passed.size * 2, (end * 4) / BYTES_EACH)
  }
}
