/** One memory of a state in the kernel: its arena, the program that executes the VM's commands in it, its driver. */
import { CONTROL, CONTROL_STATUS, MEMORY } from '../isa/layout.ts'
import { type Arena, createArena } from '../kernel/arena.ts'
import { KernelError } from '../kernel/errors.ts'
import { openPinnedArena, openPinnedProgram, type PinPath, pin } from '../kernel/pin.ts'
import { StateError } from '../state/errors.ts'
import { arenaSize, KernelInstance, loadVm } from '../state/kernel-engine.ts'
import { State } from '../state/state.ts'
import { hasDied, processOf, StateLock } from '../state/state-lock.ts'
import { LARGEST } from '../state/state-options.ts'
import { ControlBlock } from './control-block.ts'
import type { KernelFolder } from './kernel-folder.ts'
import type { CreateOptions, Output } from './named-state.ts'
import { alreadyThere, driverOptions, prepareControl } from './prepare.ts'
import { layoutHash, version } from './version.ts'

/** Milliseconds for which a process waits until another one has made, attached, detached or destroyed a state. */
const MANAGER_PATIENCE = 10_000

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
  /** Whoever makes or destroys the state, or attaches or detaches it, has that of the first replica. */
  readonly manager: StateLock

  private constructor(arena: Arena, state: State, control: ControlBlock) {
    this.arena = arena
    this.state = state
    this.control = control
    this.manager = managerOf(control, arena)
  }

  /**
   * Makes one. It is pinned at once, which claims the name; until its manager's lock is released and its status is
   * READY others are told to wait.
   * @throws StateError `EXISTS` or `BAD_OPTION`, and what the kernel's errors are; nothing stays pinned then
   */
  static create(
    folder: KernelFolder,
    name: string,
    number: number,
    options: CreateOptions,
    output: Output,
  ): Replica {
    const { memory = MEMORY.DEFAULT_LIMIT } = options
    checkMemory(memory)
    const size = arenaSize(memory, CONTROL.BYTES)
    const arena = createArena({ name: 'memory', size, avoid: folder.addresses() })
    try {
      const control = new ControlBlock(arena.buffer, size - CONTROL.BYTES)
      managerOf(control, arena).acquire()
      claim(folder, name, number, arena)
      try {
        return Replica.#complete(folder, name, number, arena, control, options, output)
      } catch (error) {
        folder.unpin(name, `memory-${number}`)
        throw error
      }
    } catch (error) {
      arena.close()
      throw error
    }
  }

  static #complete(
    folder: KernelFolder,
    name: string,
    number: number,
    arena: Arena,
    control: ControlBlock,
    options: CreateOptions,
    output: Output,
  ): Replica {
    const program = loadVm(arena)
    try {
      const instance = new KernelInstance(arena, program, control.address)
      const state = new State({ engine: 'kernel', ...driverOptions(options, output) }, () => instance)
      prepareControl(control, options)
      folder.within(name, (at) => pin(program, at(`vm-${number}`)))
      return new Replica(arena, state, control)
    } catch (error) {
      program.close()
      throw error
    }
  }

  /**
   * Opens a pinned one.
   * @throws Incomplete, StateError `INCOMPATIBLE`, NotPermitted, KernelError
   */
  static open(folder: KernelFolder, name: string, number: number, output: Output): Replica {
    const pinned = <T>(kind: string, open: (path: PinPath) => T) =>
      orIncomplete(name, () => folder.within(name, (at) => open(at(`${kind}-${number}`))))
    const arena = pinned('memory', openPinnedArena)
    try {
      const address = arena.size - CONTROL.BYTES
      const control = new ControlBlock(arena.buffer, address)
      checkIdentity(name, control, arena)
      const instance = new KernelInstance(arena, pinned('vm', openPinnedProgram), address)
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
  if (Number.isInteger(memory) && memory >= MEMORY.SMALLEST_LIMIT && memory <= LARGEST.kernel) return
  throw new StateError(
    'BAD_OPTION',
    `Cannot create a state: memory is ${memory}, not 64 KiB to 128 MiB in bytes`,
  )
}

function managerOf(control: ControlBlock, arena: Arena): StateLock {
  return new StateLock(arena.buffer, control.address + CONTROL.MANAGER, MANAGER_PATIENCE)
}

/** Pins the memory, where no other process has done so. @throws StateError `EXISTS`, KernelError */
function claim(folder: KernelFolder, name: string, number: number, arena: Arena): void {
  for (let again = true; ; again = false) {
    try {
      folder.make(name)
      folder.within(name, (at) => pin(arena, at(`memory-${number}`)))
      return
    } catch (error) {
      if (!(error instanceof KernelError)) throw error
      if (error.errno === 'EEXIST') throw alreadyThere(name)
      // another process has just removed the folder, with the state that was there before
      if (error.errno !== 'ENOENT' || !again) throw error
    }
  }
}

/** Opens a pin. @throws Incomplete if there is none, or if it is something else */
function orIncomplete<T>(name: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    const isMissing = error instanceof KernelError && (error.errno === 'ENOENT' || error.errno === undefined)
    throw isMissing
      ? new Incomplete(name, error.message.replace(/^Cannot open \S+: /, 'a pin is wrong: '))
      : error
  }
}

/** @throws Incomplete, StateError */
function checkIdentity(name: string, control: ControlBlock, arena: Arena): void {
  const identity = ControlBlock.identify(arena.buffer)
  if (identity === undefined || identity.layout === layoutHash()) checkStatus(name, control, arena)
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
function checkStatus(name: string, control: ControlBlock, arena: Arena): void {
  const { status } = control
  if (status === CONTROL_STATUS.READY) return
  const { holder } = managerOf(control, arena)
  const verb = status === CONTROL_STATUS.MADE ? 'made' : 'destroyed'
  if (holder !== 0n && !hasDied(holder))
    throw new StateError(
      'BUSY',
      `Cannot use the state '${name}': process ${processOf(holder)} has not ${verb} it yet`,
    )
  throw new Incomplete(name, `whoever was to have it ${verb} has ended before that was done`)
}
