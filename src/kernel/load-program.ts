/**
 * Loads programs: from a spec to a `Program` that owns it. The first attempt asks for the verifier's statistics
 * only; if it fails the next one asks for the log, and what that says becomes the error.
 */
import type { ProgramSpec } from '../ebpf/program-spec.ts'
import type { SystemCalls } from '../ffi/system-calls.ts'
import {
  type Attributes,
  bpf,
  makeAttributes,
  memoryOf,
  readField,
  textMemory,
  type Values,
} from './attributes.ts'
import type { Capability } from './capabilities.ts'
import { completeProgram } from './complete-program.ts'
import { errnoName, KernelError } from './errors.ts'
import { kfuncId } from './kernel-btf.ts'
import {
  ATTACH_TYPE,
  type AttachType,
  COMMAND,
  LOG_LEVEL,
  PROGRAM_FLAG,
  PROGRAM_TYPE,
  type ProgramType,
} from './kernel-names.ts'
import { type BpfMap, objectName } from './map.ts'
import { Program } from './program.ts'
import { encodeProgramBtf } from './program-btf.ts'
import { kernelError, systemCalls } from './system.ts'
import { VerifierError } from './verifier-error.ts'
import { parseComplaint } from './verifier-log.ts'

export interface LoadOptions {
  readonly type: ProgramType
  /** Shown by bpftool, 15 bytes of it; by default the name of the main function. */
  readonly name?: string
  /** What it will be attached to, where the verifier has to know. NETFILTER has only one. */
  readonly attachType?: AttachType
  /** The same as a number, which for STRUCT_OPS is the index of a member. */
  readonly expectedAttachType?: number
  /** BTF id of what it is attached to, for programs of the type TRACING, LSM and STRUCT_OPS. */
  readonly attachBtfId?: number
  /** Whether it may sleep; programs of the type SYSCALL always may. */
  readonly sleepable?: boolean
  /** Maps by the names that the spec has for them. */
  readonly maps?: Readonly<Record<string, BpfMap>>
  /** How a kfunc's id is found; by default in the kernel's BTF. */
  readonly kfuncId?: (name: string) => number
  /** What a refusal's log holds: 1 the path that fails, 2 everything. */
  readonly logLevel?: 1 | 2
  readonly system?: SystemCalls
}

/**
 * Bytes for the verifier's log: at first, and at most. The kernel keeps the end of a longer log. From 7.3 statistics
 * have a line of up to 100 bytes for each of a program's functions, at most 256.
 */
const STATISTICS_LOG = 64 << 10
const SMALLEST_LOG = 1 << 20
const LARGEST_LOG = 64 << 20
/** How often a load is repeated after EAGAIN: a signal interrupts the verifier. */
const REPEATS = 5

const NETWORK_TYPES: readonly ProgramType[] = [
  'SCHED_CLS',
  'XDP',
  'CGROUP_SKB',
  'SOCK_OPS',
  'SK_SKB',
  'SK_MSG',
  'CGROUP_SOCK',
  'CGROUP_SOCK_ADDR',
  'SK_LOOKUP',
  'NETFILTER',
]

/** What loading a program of a type takes, besides CAP_PERFMON for its arena. */
export function capabilitiesFor(type: ProgramType): readonly Capability[] {
  return ['CAP_BPF', 'CAP_PERFMON', ...(NETWORK_TYPES.includes(type) ? (['CAP_NET_ADMIN'] as const) : [])]
}

/**
 * Loads a program.
 * @throws VerifierError, NotPermitted, NotAvailable, KernelError
 */
export function loadProgram(spec: ProgramSpec, options: LoadOptions): Program {
  const system = options.system ?? systemCalls()
  const name = options.name ?? spec.functions[0]?.name ?? 'program'
  const { maps = {}, kfuncId: findKfunc = kfuncId } = options
  const instructions = completeProgram(spec, name, { maps, kfuncId: findKfunc })
  return new Load(system, spec, name, options).run(instructions)
}

/** Programs of XDP take packets that lie in several buffers, as those of large MTUs do. */
function flagsOf(type: ProgramType, sleepable = false): number {
  if (type === 'XDP') return PROGRAM_FLAG.XDP_HAS_FRAGS
  return type === 'SYSCALL' || sleepable ? PROGRAM_FLAG.SLEEPABLE : 0
}

class Load {
  readonly #system: SystemCalls
  readonly #spec: ProgramSpec
  readonly #name: string
  readonly #options: LoadOptions

  constructor(system: SystemCalls, spec: ProgramSpec, name: string, options: LoadOptions) {
    this.#system = system
    this.#spec = spec
    this.#name = name
    this.#options = options
  }

  run(instructions: Uint8Array): Program {
    const btf = encodeProgramBtf(this.#spec.functions)
    const btfFd = this.#loadBtf(btf.bytes)
    try {
      const values = {
        prog_btf_fd: btfFd,
        func_info: memoryOf(this.#system, btf.functionInfo),
        func_info_rec_size: btf.functionInfoSize,
        func_info_cnt: this.#spec.functions.length,
        insns: memoryOf(this.#system, instructions),
        insn_cnt: instructions.length / 8,
      }
      const first = this.#attempt(values, LOG_LEVEL.STATISTICS, STATISTICS_LOG)
      if (first.result >= 0) return this.#program(first)
      if (errnoName(first.result) === 'EPERM') throw this.#explain(first)
      const second = this.#attemptWithLog(values, errnoName(first.result))
      if (second.result >= 0) return this.#program(second)
      // the second error may only be that of a long log
      throw this.#explain({ ...second, result: first.result })
    } finally {
      this.#system.close(btfFd)
    }
  }

  #loadBtf(bytes: Uint8Array): number {
    const btf = memoryOf(this.#system, bytes)
    const fd = bpf(this.#system, 'BTF_LOAD', { btf, btf_size: bytes.length })
    if (fd < 0) throw kernelError(fd, { ...this.#need(), feature: { name: 'BTF of programs', since: '5.2' } })
    return fd
  }

  #attempt(values: Values<'PROG_LOAD'>, level: number, logSize: number): Attempt {
    const { type, attachType, attachBtfId, sleepable } = this.#options
    const named = attachType ?? (type === 'NETFILTER' ? 'NETFILTER' : undefined)
    const expected = this.#options.expectedAttachType ?? (named && ATTACH_TYPE[named])
    const log = this.#system.allocate(logSize)
    const attributes = makeAttributes(this.#system, 'PROG_LOAD', {
      ...values,
      prog_type: PROGRAM_TYPE[type],
      expected_attach_type: expected,
      attach_btf_id: attachBtfId,
      prog_flags: flagsOf(type, sleepable),
      prog_name: objectName(this.#name),
      license: textMemory(this.#system, 'GPL'),
      log_level: level,
      log_size: logSize,
      log_buf: log,
    })
    let result = this.#system.bpf(COMMAND.PROG_LOAD, attributes)
    for (let i = 0; i < REPEATS && errnoName(result) === 'EAGAIN'; i++) {
      result = this.#system.bpf(COMMAND.PROG_LOAD, attributes)
    }
    const end = log.bytes.indexOf(0)
    const text = new TextDecoder().decode(log.bytes.subarray(0, end < 0 ? log.bytes.length : end))
    return { result, log: text, attributes }
  }

  /**
   * Repeats the load with a log that is large enough, or with the end of the log: of a program that has exhausted
   * the verifier the end says all there is to say, and verifying it once more takes seconds.
   */
  #attemptWithLog(values: Values<'PROG_LOAD'>, errno: string): Attempt {
    let size = SMALLEST_LOG
    const largest = errno === 'E2BIG' ? SMALLEST_LOG : LARGEST_LOG
    while (true) {
      const attempt = this.#attempt(values, this.#options.logLevel ?? LOG_LEVEL.INSTRUCTIONS, size)
      if (errnoName(attempt.result) !== 'ENOSPC' || size >= largest) return attempt
      const wanted = readField(attempt.attributes, 'PROG_LOAD', 'log_true_size') + 1
      size = Math.min(Math.max(wanted, 4 * size), largest)
    }
  }

  #explain({ result, log }: Attempt): KernelError {
    const errno = errnoName(result)
    // without CAP_PERFMON it is the verifier that refuses an arena, with a log
    if (errno === 'EPERM') return kernelError(result, this.#need())
    if (parseComplaint(log).cause !== undefined) return new VerifierError(this.#name, this.#spec, log, errno)
    if (errno !== 'E2BIG') return kernelError(result, this.#need())
    const reason = `it has ${this.#spec.instructions.length / 8} instructions, more than the kernel takes`
    return new KernelError('KERNEL', `Cannot load program ${this.#name}: ${reason}`, 'split it', errno)
  }

  #need() {
    const { type } = this.#options
    return {
      action: `load program ${this.#name}`,
      capabilities: capabilitiesFor(type),
      feature: { name: `programs of the type ${type}`, since: '6.12' },
    }
  }

  #program({ result, log }: Attempt): Program {
    return new Program(this.#system, result, this.#name, this.#options.type, log)
  }
}

interface Attempt {
  /** A file descriptor, or a negative error number. */
  readonly result: number
  readonly log: string
  readonly attributes: Attributes
}
