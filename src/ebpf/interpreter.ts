/**
 * The reference interpreter: runs a linked program without the kernel and without privilege. Beside the results
 * of instructions it checks what the verifier would: what a register may be used for depends on what was put
 * there (`machine.ts`), so a program that runs here is one that the verifier's type rules let through on the
 * paths that were taken. It doesn't check bounds and loops of paths that weren't.
 */
import { join64, split64 } from './arithmetic64.ts'
import { decodeStep, type KernelFunction, type Program } from './decode-step.ts'
import { disassemble } from './disassemble.ts'
import { EbpfError, InterpreterError } from './errors.ts'
import { targetOf } from './form-of.ts'
import { Frames, HALT } from './frames.ts'
import { INSTRUCTION_SIZE, instructionAt } from './instruction.ts'
import { type Block, Fault, KIND, Machine } from './machine.ts'
import type { FunctionSpec, ProgramSpec } from './program-spec.ts'
import { Stack } from './stack.ts'
import type { Step } from './step.ts'
import { Memory } from './step-memory.ts'

export interface InterpreterOptions {
  /** The arena's memory from its address 0 on. Accesses beyond it load 0 and store nothing. */
  readonly arena: Uint8Array
  /** What r1 points to when `run` starts. */
  readonly context?: Uint8Array
  /** How many times may_goto falls through in one `run` or `call` before it jumps, then always. No limit if left out. */
  readonly mayGoto?: number
  /** Instructions after which one `run` or `call` fails. No limit if left out. */
  readonly maxInstructions?: number
  /** Values of array maps by the map's name, for references of kind `map-value`. */
  readonly mapValues?: Readonly<Record<string, Uint8Array>>
  /** Helpers and kfuncs by name. */
  readonly kernel?: Readonly<Record<string, KernelFunction>>
}

/** The block of memory that r1 points to at the start. */
const CONTEXT = 0

export class Interpreter {
  readonly #spec: ProgramSpec
  readonly #options: InterpreterOptions
  readonly #machine: Machine
  readonly #frames: Frames
  readonly #program: Program
  /** Made when they are first executed. */
  readonly #steps: (Step | undefined)[]
  #executed = 0

  constructor(spec: ProgramSpec, options: InterpreterOptions) {
    this.#spec = spec
    this.#options = options
    const blocks: Block[] = [{ name: 'the context', bytes: options.context ?? new Uint8Array(0) }]
    for (const [name, bytes] of Object.entries(options.mapValues ?? {})) blocks.push({ name, bytes })
    this.#machine = new Machine(options.arena, blocks)
    const stack = new Stack()
    this.#frames = new Frames(this.#machine, stack)
    this.#program = this.#makeProgram(new Memory(this.#machine, stack))
    this.#steps = new Array<Step | undefined>(spec.instructions.length / INSTRUCTION_SIZE).fill(undefined)
  }

  #makeProgram(memory: Memory): Program {
    const { instructions, functions, references } = this.#spec
    const view = new DataView(instructions.buffer, instructions.byteOffset, instructions.byteLength)
    const count = instructions.length / INSTRUCTION_SIZE
    const byStart = new Map(functions.map((fn) => [fn.start, fn]))
    const byIndex = new Map(references.map((reference) => [reference.at, reference]))
    return {
      machine: this.#machine,
      memory,
      frames: this.#frames,
      kernel: this.#options.kernel ?? {},
      instructionAt: (index) => instructionAt(view, index),
      functionAt: (index) => byStart.get(index),
      boundsOf: (index) => {
        const number = functions.findLastIndex(({ start }) => start <= index)
        return [functions[number]?.start ?? 0, functions[number + 1]?.start ?? count]
      },
      referenceAt: (index) => byIndex.get(index),
    }
  }

  /** Instructions that all runs executed together. */
  get executed(): number {
    return this.#executed
  }

  /** Whether may_goto jumped, or will at its next visit, in the last run. */
  get exhausted(): boolean {
    return this.#machine.visitsLeft <= 0
  }

  /**
   * Runs the main program with the context in r1. Returns r0, unsigned.
   * @throws InterpreterError at the first instruction that breaks a rule.
   */
  run(): bigint {
    const main = this.#spec.functions[0]!
    this.#frames.start()
    if (this.#options.context !== undefined) this.#machine.set(1, KIND.BLOCK, 0, CONTEXT)
    return this.#execute(main)
  }

  /**
   * Calls a function with scalars, as the first frame. Returns r0, unsigned.
   * @throws InterpreterError at the first instruction that breaks a rule.
   */
  call(name: string, ...args: bigint[]): bigint {
    const callee = this.#spec.functions.find((fn) => fn.name === name)
    if (callee === undefined) {
      const names = this.#spec.functions.map((fn) => fn.name).join(', ')
      throw new EbpfError(
        'EBPF_INTERPRETER',
        `Cannot call ${name}: the program has no such function. It has ${names}.`,
      )
    }
    if (args.length !== callee.parameters) {
      const count = `${callee.parameters} arguments, not ${args.length}`
      throw new EbpfError('EBPF_INTERPRETER', `Cannot call ${name}: it takes ${count}.`)
    }
    this.#frames.start()
    args.forEach((arg, i) => {
      this.#machine.set(i + 1, KIND.SCALAR, 0, 0)
      split64(this.#machine.words, 2 * (i + 1), arg)
    })
    return this.#execute(callee)
  }

  #execute(first: FunctionSpec): bigint {
    const { mayGoto = Number.POSITIVE_INFINITY, maxInstructions = Number.POSITIVE_INFINITY } = this.#options
    const steps = this.#steps
    this.#machine.visitsLeft = mayGoto
    let at = first.start
    let count = 0
    try {
      while (at !== HALT) {
        if (++count > maxInstructions)
          throw new Fault(`the limit of ${maxInstructions} instructions is reached`)
        const step = steps[at] ?? this.#decode(at)
        at = step()
      }
    } catch (error) {
      throw error instanceof Fault ? this.#explain(at, error.message) : error
    } finally {
      this.#executed += count
    }
    return BigInt.asUintN(64, join64(this.#machine.words[0]!, this.#machine.words[1]!))
  }

  #decode(at: number): Step {
    const step = decodeStep(this.#program, at)
    this.#steps[at] = step
    return step
  }

  #explain(at: number, reason: string): InterpreterError {
    const { instructionAt: read, functionAt, referenceAt, boundsOf } = this.#program
    const last = at + 1 >= this.#steps.length
    const names = { reference: referenceAt(at), callee: functionAt(targetOf(read(at), at) ?? -1)?.name }
    const text = disassemble(read(at), last ? undefined : read(at + 1), names)
    const name = functionAt(boundsOf(at)[0])?.name ?? 'the program'
    return new InterpreterError(at, text, name, reason, this.#spec.positionOf?.(at))
  }
}
