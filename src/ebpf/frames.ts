/**
 * Calls in the interpreter. A function sees its arguments in r1 to r5 and nothing else; its caller gets back r6
 * to r9 and r10, a scalar in r0, and can't read r1 to r5.
 */
import { Fault, FRAME_POINTER, KIND, KIND_NAMES, MAX_FRAMES, type Machine } from './machine.ts'
import type { FunctionSpec } from './program-spec.ts'
import { framePointer, type Stack } from './stack.ts'

const FIRST_SAVED = 6
const SAVED = 4

/** What `leave` returns at the end of the first function. */
export const HALT = -1

export class Frames {
  readonly #machine: Machine
  readonly #stack: Stack
  readonly #words = new Int32Array(MAX_FRAMES * 2 * SAVED)
  readonly #kinds = new Uint8Array(MAX_FRAMES * SAVED)
  readonly #returns = new Int32Array(MAX_FRAMES)

  constructor(machine: Machine, stack: Stack) {
    this.#machine = machine
    this.#stack = stack
  }

  /** Prepares the first frame with nothing in its registers. */
  start(): void {
    this.#machine.kinds.fill(KIND.NONE)
    this.#machine.depth = 0
    this.#openFrame()
  }

  #openFrame(): void {
    const { depth, kinds } = this.#machine
    kinds.fill(KIND.NONE, FIRST_SAVED, FIRST_SAVED + SAVED)
    kinds[0] = KIND.NONE
    this.#machine.set(FRAME_POINTER, KIND.STACK, framePointer(depth), 0)
    this.#stack.clear(depth)
  }

  /** Enters a function of the program. Returns its first instruction. */
  enter(callee: FunctionSpec, returnTo: number): number {
    const { kinds, words, depth } = this.#machine
    for (let register = 1; register <= 5; register++) {
      if (register > callee.parameters) kinds[register] = KIND.NONE
      else this.#checkArgument(register, callee)
    }
    if (depth + 1 === MAX_FRAMES) throw new Fault(`calls go ${MAX_FRAMES} frames deep and no deeper`)
    this.#words.set(words.subarray(2 * FIRST_SAVED, 2 * (FIRST_SAVED + SAVED)), depth * 2 * SAVED)
    this.#kinds.set(kinds.subarray(FIRST_SAVED, FIRST_SAVED + SAVED), depth * SAVED)
    this.#returns[depth] = returnTo
    this.#machine.depth = depth + 1
    this.#openFrame()
    return callee.start
  }

  #checkArgument(register: number, { name, linkage }: FunctionSpec): void {
    const kind = this.#machine.kinds[register]!
    if (kind === KIND.NONE || (kind !== KIND.SCALAR && linkage === 'global')) {
      throw this.#machine.fault(register, `the ${linkage} function ${name} takes a scalar there.`)
    }
  }

  /** Leaves a function. Returns the instruction after its call, or HALT. */
  leave(): number {
    const { kinds, words, depth } = this.#machine
    if (kinds[0] !== KIND.SCALAR)
      throw new Fault(`r0 ${KIND_NAMES[kinds[0]!]}; a function returns a scalar in it.`)
    if (depth === 0) return HALT
    const below = depth - 1
    this.#machine.depth = below
    words.set(this.#words.subarray(below * 2 * SAVED, depth * 2 * SAVED), 2 * FIRST_SAVED)
    kinds.set(this.#kinds.subarray(below * SAVED, depth * SAVED), FIRST_SAVED)
    this.#machine.set(FRAME_POINTER, KIND.STACK, framePointer(below), 0)
    this.loseArguments()
    return this.#returns[below]!
  }

  /** After a call, nothing can be read from r1 to r5. */
  loseArguments(): void {
    this.#machine.kinds.fill(KIND.NONE, 1, 6)
  }
}
