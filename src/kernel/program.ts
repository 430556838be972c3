/** Programs in the kernel: running them by hand, and what the kernel tells about them. */
import type { SystemCalls } from '../ffi/system-calls.ts'
import { type Attributes, makeAttributes, memoryOf, readField } from './attributes.ts'
import { Descriptor } from './descriptor.ts'
import { COMMAND, type ProgramType } from './kernel-names.ts'
import { objectInfo } from './object-info.ts'
import { Runner, runError } from './runner.ts'
import { parseStatistics, type VerifierStatistics } from './verifier-log.ts'

/** What the verifier and the JIT compiler made of a program. */
export interface ProgramStatistics extends VerifierStatistics {
  /** Bytes of machine code; 0 without JIT compiler, or where the kernel doesn't tell. */
  readonly jitedLength: number
  /** Bytes of eBPF after the verifier's rewriting. */
  readonly xlatedLength: number
  /** The same as `processed`, from the kernel's own record. */
  readonly verifiedInstructions: number
}

export interface RunTimes {
  readonly runs: number
  readonly nanoseconds: number
}

export interface RunInput {
  /** The program's context: for SYSCALL programs what r1 points to, for others as BPF_PROG_TEST_RUN wants it. */
  readonly context?: Uint8Array
  /** A packet, for programs that see one. SYSCALL programs take none. */
  readonly data?: Uint8Array
  /** How often it runs; not for SYSCALL programs. */
  readonly repeat?: number
  /** For XDP: each run has a copy of the packet, which goes where the result says; nothing of it comes back. */
  readonly live?: true
}

export interface RunOutput {
  /** The low 32 bits of r0. */
  readonly retval: number
  /** Nanoseconds of a run, on average; 0 for SYSCALL programs. */
  readonly duration: number
  /** The context as the program left it. */
  readonly contextOut?: Uint8Array
  readonly dataOut?: Uint8Array
}

/** BPF_F_TEST_XDP_LIVE_FRAMES of linux/bpf.h. */
const LIVE_FRAMES = 1 << 1
/** Room for what a program adds to a packet. */
const HEADROOM = 256

export class Program extends Descriptor {
  readonly name: string
  readonly type: ProgramType
  readonly #verified: VerifierStatistics

  /** `log` is the verifier's, with its statistics. */
  constructor(system: SystemCalls, fd: number, name: string, type: ProgramType, log: string) {
    super(system, fd, `program ${name}`)
    this.name = name
    this.type = type
    this.#verified = parseStatistics(log)
  }

  statistics(): ProgramStatistics {
    const info = objectInfo(this.system, this.fd, 'program', this.name)
    return {
      ...this.#verified,
      jitedLength: info.number('jited_prog_len'),
      xlatedLength: info.number('xlated_prog_len'),
      verifiedInstructions: info.number('verified_insns'),
    }
  }

  /** Its runs and their nanoseconds so far, as far as the kernel has counted them (run-times.ts). */
  runTimes(): RunTimes {
    const info = objectInfo(this.system, this.fd, 'program', this.name)
    return { runs: info.number('run_cnt'), nanoseconds: info.number('run_time_ns') }
  }

  /** The kernel's number for it, as bpftool shows it. */
  id(): number {
    return objectInfo(this.system, this.fd, 'program', this.name).number('id')
  }

  /**
   * Runs the program once, or `repeat` times.
   * @throws KernelError, NotPermitted, NotAvailable where programs of the type can't be run by hand
   */
  run(input: RunInput = {}): RunOutput {
    const { context, data, repeat, live } = input
    const system = this.system
    const isSyscall = this.type === 'SYSCALL'
    const contextIn = context && memoryOf(system, context)
    const contextOut = context && !isSyscall && !live ? system.allocate(context.length) : undefined
    const dataOut = data && !live ? system.allocate(data.length + HEADROOM) : undefined
    const attributes = makeAttributes(system, 'PROG_TEST_RUN', {
      prog_fd: this.fd,
      ctx_in: contextIn,
      ctx_size_in: context?.length,
      ctx_out: contextOut,
      ctx_size_out: contextOut?.bytes.length,
      data_in: data && memoryOf(system, data),
      data_size_in: data?.length,
      data_out: dataOut,
      data_size_out: dataOut?.bytes.length,
      repeat: isSyscall ? undefined : repeat,
      flags: live && LIVE_FRAMES,
    })
    this.#testRun(attributes)
    const read = (name: 'retval' | 'duration' | 'data_size_out' | 'ctx_size_out') =>
      readField(attributes, 'PROG_TEST_RUN', name)
    // SYSCALL programs get their context back where it came from
    const changed = isSyscall ? contextIn?.bytes : contextOut?.bytes.subarray(0, read('ctx_size_out'))
    return {
      retval: read('retval'),
      duration: read('duration'),
      ...(changed && { contextOut: changed }),
      ...(dataOut && { dataOut: dataOut.bytes.subarray(0, read('data_size_out')) }),
    }
  }

  /**
   * The fast path for SYSCALL programs: buffers that are made once. The context is `contextSize` bytes, which the
   * program reads and writes.
   */
  runner(contextSize: number): Runner {
    return new Runner(this.system, this, contextSize)
  }

  #testRun(attributes: Attributes): void {
    const result = this.system.bpf(COMMAND.PROG_TEST_RUN, attributes)
    if (result < 0) throw runError(result, this.name, this.type)
  }
}
