/**
 * Runs a SYSCALL program again and again, without making anything anew: the attributes and the context of
 * BPF_PROG_TEST_RUN stay where they are.
 */
import type { Memory, SystemCalls } from '../ffi/system-calls.ts'
import { type Attributes, FIELDS, makeAttributes } from './attributes.ts'
import { KernelError } from './errors.ts'
import { COMMAND, type ProgramType } from './kernel-names.ts'
import type { Program } from './program.ts'
import { kernelError } from './system.ts'

/** BPF_PROG_TEST_RUN takes no larger context: U16_MAX. */
const LARGEST_CONTEXT = 0xffff
const [RETVAL] = FIELDS.PROG_TEST_RUN.retval

export class Runner {
  readonly #system: SystemCalls
  readonly #program: Program
  readonly #attributes: Attributes
  readonly #context: Memory

  constructor(system: SystemCalls, program: Program, contextSize: number) {
    if (program.type !== 'SYSCALL' || contextSize > LARGEST_CONTEXT) {
      const reason =
        program.type === 'SYSCALL'
          ? `a context has at most ${LARGEST_CONTEXT} bytes`
          : `it is of the type ${program.type}`
      throw new KernelError('KERNEL', `Cannot prepare runs of ${program.name}: ${reason}`, 'use run()')
    }
    this.#system = system
    this.#program = program
    this.#context = system.allocate(contextSize)
    this.#attributes = makeAttributes(system, 'PROG_TEST_RUN', {
      prog_fd: program.fd,
      ctx_in: contextSize === 0 ? undefined : this.#context,
      ctx_size_in: contextSize,
    })
  }

  /** The program's context: what it finds there, and what it left there. */
  get context(): Uint8Array {
    return this.#context.bytes
  }

  /**
   * Runs the program. The result is the low 32 bits of r0, unsigned.
   * @throws KernelError
   */
  run(): number {
    if (this.#program.closed) void this.#program.fd
    const result = this.#system.bpf(COMMAND.PROG_TEST_RUN, this.#attributes)
    if (result < 0) throw runError(result, this.#program.name, this.#program.type)
    return this.#attributes.view.getUint32(RETVAL, true)
  }
}

/** The error of a run. */
export function runError(result: number, name: string, type: ProgramType) {
  const feature = {
    name: `what BPF_PROG_TEST_RUN needs for this ${type} program and its input`,
    since: '6.12',
  }
  return kernelError(result, { action: `run program ${name}`, capabilities: ['CAP_BPF'], feature })
}
