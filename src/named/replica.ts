/** One memory of a state in the kernel: its arena, the program that executes the VM's commands in it, its driver. */
import { CONTROL, CONTROL_STATUS, MEMORY } from '../isa/layout.ts'
import { type Arena, createArena } from '../kernel/arena.ts'
import { openPinnedArena, openPinnedProgram, pin } from '../kernel/pin.ts'
import { StateError } from '../state/errors.ts'
import { arenaSize, KernelInstance, loadVm } from '../state/kernel-engine.ts'
import { State } from '../state/state.ts'
import { hasDied, processOf } from '../state/state-lock.ts'
import { ControlBlock } from './control-block.ts'
import type { KernelFolder } from './kernel-folder.ts'
import type { CreateOptions, Output } from './named-state.ts'
import { driverOptions, prepareControl } from './prepare.ts'
import { layoutHash, version } from './version.ts'

/** The folder of a state holds something that is no whole state. */
export class Incomplete extends StateError {
  constructor(name: string, reason: string) {
    super(
      'BROKEN',
      `Cannot use the state '${name}': ${reason}`,
      `remove what is left of it: moonring destroy ${name}`,
    )
  }
}

export class Replica {
  readonly arena: Arena
  readonly state: State
  readonly control: ControlBlock

  private constructor(arena: Arena, state: State, control: ControlBlock) {
    this.arena = arena
    this.state = state
    this.control = control
  }

  /** Makes one that nobody else can see yet; it is locked, and pinned at the end. */
  static create(
    folder: KernelFolder,
    name: string,
    number: number,
    options: CreateOptions,
    output: Output,
  ): Replica {
    const { memory = MEMORY.DEFAULT_LIMIT } = options
    checkMemory(memory)
    const arena = createArena({ name: 'memory', size: arenaSize(memory, CONTROL.BYTES) })
    try {
      const program = loadVm(arena)
      const address = arena.size - CONTROL.BYTES
      const instance = new KernelInstance(arena, program, address)
      const state = new State({ engine: 'kernel', ...driverOptions(options, output) }, () => instance)
      const control = new ControlBlock(arena.buffer, address)
      prepareControl(control, options)
      state.lock()
      pin(arena, folder.pathOf(name, `memory-${number}`))
      pin(program, folder.pathOf(name, `vm-${number}`))
      return new Replica(arena, state, control)
    } catch (error) {
      arena.close()
      throw error
    }
  }

  /**
   * Opens a pinned one.
   * @throws Incomplete, StateError `INCOMPATIBLE`, NotPermitted, KernelError
   */
  static open(folder: KernelFolder, name: string, number: number, output: Output): Replica {
    const arena = openPinnedArena(folder.pathOf(name, `memory-${number}`))
    try {
      const address = arena.size - CONTROL.BYTES
      checkIdentity(name, arena.buffer)
      const control = new ControlBlock(arena.buffer, address)
      checkStatus(name, control)
      const instance = new KernelInstance(
        arena,
        openPinnedProgram(folder.pathOf(name, `vm-${number}`)),
        address,
      )
      const state = new State({ engine: 'kernel', output }, () => instance)
      return new Replica(arena, state, control)
    } catch (error) {
      arena.close()
      throw error
    }
  }

  close(): void {
    this.state.release()
  }
}

function checkMemory(memory: number): void {
  if (Number.isInteger(memory) && memory >= MEMORY.SMALLEST_LIMIT) return
  throw new StateError(
    'BAD_OPTION',
    `Cannot create a state: memory is ${memory}, not 64 KiB or more, in bytes`,
  )
}

/** @throws Incomplete, StateError */
function checkIdentity(name: string, buffer: ArrayBuffer): void {
  const identity = ControlBlock.identify(buffer)
  if (identity === undefined) throw new Incomplete(name, 'its memory holds no state')
  if (identity.layout === layoutHash()) return
  const hex = (n: number) => n.toString(16).padStart(8, '0')
  const theirs = `Moonring ${identity.version} (layout ${hex(identity.layout)})`
  const ours = `${version()} (layout ${hex(layoutHash())})`
  throw new StateError(
    'INCOMPATIBLE',
    `Cannot use the state '${name}': ${theirs} made it, and this is ${ours}`,
    'use that version, or destroy the state and make it anew',
  )
}

/** @throws Incomplete, StateError `BUSY` while another process makes or destroys it */
function checkStatus(name: string, control: ControlBlock): void {
  const { status } = control
  if (status === CONTROL_STATUS.READY) return
  const holder = control.long(control.address + CONTROL.LOCK)
  const verb = status === CONTROL_STATUS.MADE ? 'made' : 'destroyed'
  if (holder !== 0n && !hasDied(holder))
    throw new StateError(
      'BUSY',
      `Cannot use the state '${name}': process ${processOf(holder)} has not ${verb} it yet`,
    )
  throw new Incomplete(name, `whoever was to have it ${verb} has ended before that was done`)
}
