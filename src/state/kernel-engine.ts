/**
 * The VM as an eBPF program in the running kernel. A state's memory is an arena; a program of the type SYSCALL,
 * bound to that arena, executes one command of the VM each time it is run. Only states of the engine `kernel`
 * import this file, and with it the loader and its native library.
 */
import { assemble } from '../ebpf/assemble.ts'
import { SpecFileError } from '../ebpf/errors.ts'
import { linkSpecs } from '../ebpf/link-specs.ts'
import type { ProgramSpec } from '../ebpf/program-spec.ts'
import { readSpec } from '../ebpf/spec-file.ts'
import { MEMORY } from '../isa/layout.ts'
import { type Arena, createArena } from '../kernel/arena.ts'
import { NotAvailable } from '../kernel/errors.ts'
import { type LoadOptions, loadProgram } from '../kernel/load-program.ts'
import type { Program, ProgramStatistics } from '../kernel/program.ts'
import { systemCalls } from '../kernel/system.ts'
import { builtFile } from './built-file.ts'
import type { Instance } from './engine.ts'
import { StateError } from './errors.ts'

/** Pages of 64 KiB, as in user space, so that states of both engines have the same memory. */
const PAGE = 65536
/** The context: command, a, b, 32 bits each. */
const CONTEXT_SIZE = 12

/** The main program: hands the context to the VM's entry. The reference to the arena binds it to the program. */
const MAIN = `
static func moonring(ctx)
  r0 = map memory ll
  r4 = r1
  r1 = *(u32 *)(r4 +0)
  r2 = *(u32 *)(r4 +4)
  r3 = *(u32 *)(r4 +8)
  r4 = 0
  r5 = 0
  call function enter
  exit
`

/** What has been read of dist/vm, by name. */
const built = new Map<string, ProgramSpec>()
let linked: ProgramSpec | undefined

/**
 * The VM with its main program, as it is loaded.
 * @throws NotAvailable where the built file is missing or damaged
 */
export function runProgramSpec(): ProgramSpec {
  linked ??= withVm(assemble(MAIN))
  return linked
}

/**
 * A main program with the VM, whose function `enter` it calls.
 * @throws NotAvailable where the built file is missing or damaged
 */
export function withVm(main: ProgramSpec): ProgramSpec {
  return linkSpecs(main, readBuilt('moonring.bpf'))
}

/** The same for hooks with packets: with the functions `dissect` and `matchRules` besides. */
export function withPackets(main: ProgramSpec): ProgramSpec {
  return linkSpecs(main, readBuilt('moonring.bpf'), readBuilt('look.bpf'))
}

/** A translated part of the VM as it was built. */
function readBuilt(name: string): ProgramSpec {
  const known = built.get(name)
  if (known !== undefined) return known
  try {
    const spec = readSpec(builtFile(name))
    built.set(name, spec)
    return spec
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const isDamaged = error instanceof SpecFileError
    // the advice at the end of that message is the hint here
    const message = isDamaged
      ? error.message.replace(/\. .*$/, '')
      : `Cannot read eBPF program file: ${error.message}`
    throw new NotAvailable(message, 'build or install the package again')
  }
}

/** Bytes of an arena for a state's memory, and `extra` bytes behind it. */
export function arenaSize(memory: number, extra: number): number {
  return Math.ceil(memory / PAGE) * PAGE + extra
}

/**
 * Loads the program that executes commands of the VM in an arena.
 * @throws NotPermitted, NotAvailable, VerifierError, KernelError
 */
export function loadVm(arena: Arena, system: NonNullable<LoadOptions['system']> = systemCalls()): Program {
  return loadProgram(runProgramSpec(), { type: 'SYSCALL', maps: { memory: arena }, system })
}

export class KernelInstance implements Instance {
  readonly buffer: ArrayBuffer
  readonly enter: (command: number, a: number, b: number) => number
  readonly control?: number
  readonly #arena: Arena
  readonly #program: Program

  /** Of an arena and the program bound to it, which it closes. `control`: where the control block is, if there is one. */
  constructor(arena: Arena, program: Program, control?: number) {
    this.#arena = arena
    this.#program = program
    if (control !== undefined) this.control = control
    this.buffer = arena.buffer
    this.enter = this.#entry()
  }

  /**
   * With new memory of `bytes` bytes, which belong to this process.
   * @throws NotPermitted, NotAvailable, VerifierError, KernelError
   */
  static create(bytes: number, system: NonNullable<LoadOptions['system']> = systemCalls()): KernelInstance {
    runProgramSpec() // what is missing of the package is told first
    const arena = createArena({ name: 'memory', size: arenaSize(bytes, 0) }, system)
    try {
      return new KernelInstance(arena, loadVm(arena, system))
    } catch (error) {
      arena.close()
      throw error
    }
  }

  /** What the verifier and the JIT compiler made of the VM. */
  statistics(): ProgramStatistics {
    return this.#program.statistics()
  }

  close(): void {
    this.#program.close()
    this.#arena.close()
  }

  #entry(): Instance['enter'] {
    const runner = this.#program.runner(CONTEXT_SIZE)
    const { context } = runner
    const view = new DataView(context.buffer, context.byteOffset, context.byteLength)
    const words = new Int32Array(this.buffer)
    const program = this.#program
    return (command, a, b) => {
      if (program.closed) throw new StateError('CLOSED', 'Cannot go on with the call: its state is closed')
      view.setInt32(0, command, true)
      view.setInt32(4, a, true)
      view.setInt32(8, b, true)
      const result = runner.run() | 0
      if (words[MEMORY.TRAP >>> 2] !== 0) throw trapped()
      return result
    }
  }
}

function trapped(): StateError {
  return new StateError(
    'BROKEN',
    "Cannot go on with the state: the kernel has stopped its program, which ran too long or met a fault of Moonring's",
  )
}
