/**
 * Where the states of the kernel are: a folder of bpffs for each, which only root may enter. It holds pins:
 *
 *     moonring/NAME/memory-0       the arena of the first replica; states of one replica have no other
 *                   vm-0           the program that executes commands of the VM in it
 *                   link-3         attaches the hook of slot 3 of the control block
 *                   program-3      what it runs
 *                   programs-3     with several replicas: the array from which that takes the program of its CPU,
 *                   program-3-0    and these
 */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { BPFFS_DIRECTORY, ensureBpffs } from '../kernel/bpffs.ts'
import { KernelError, NotPermitted } from '../kernel/errors.ts'
import { pinnedArenaAddress, unpin, unpinLink } from '../kernel/pin.ts'

const FOLDER = 'moonring'
/** Only its owner may look into it: the kernel checks who uses a state. */
const MODE = 0o700

export class KernelFolder {
  /** Where bpffs is mounted, or is to be. */
  readonly bpffs: string
  readonly #path: string

  constructor(bpffs: string = BPFFS_DIRECTORY) {
    this.bpffs = bpffs
    this.#path = join(bpffs, FOLDER)
  }

  pathOf(state: string, pin = ''): string {
    return join(this.#path, state, pin)
  }

  /** Names of all states, complete or not. @throws NotPermitted, KernelError */
  states(): string[] {
    return this.#list(this.#path)
  }

  /** Names of a state's pins. */
  pins(state: string): string[] {
    return this.#list(this.pathOf(state))
  }

  #list(path: string): string[] {
    return attempt(`read ${path}`, () => {
      const entries = readdirSync(path, { withFileTypes: true })
      return entries.map(({ name }) => name).sort()
    }, [])
  }

  /** Addresses of the memories of all states, so that one process can have all of them. */
  addresses(): ReadonlySet<number> {
    const memories = this.states().flatMap((state) =>
      this.pins(state).flatMap((pin) => (pin.startsWith('memory-') ? [this.pathOf(state, pin)] : [])),
    )
    return new Set(
      memories.flatMap((path) => {
        try {
          return [pinnedArenaAddress(path)]
        } catch {
          return [] // it has just been removed, or is none
        }
      }),
    )
  }

  /** Makes the folder of a state, unless it is there. @throws NotPermitted, NotAvailable, KernelError */
  make(state: string): void {
    ensureBpffs(this.bpffs)
    for (const path of [this.#path, this.pathOf(state)])
      if (!existsSync(path)) attempt(`create ${path}`, () => mkdirSync(path, { mode: MODE }), undefined)
  }

  /** @throws KernelError unless the pins of a state can be removed */
  requireWritable(state: string): void {
    const path = this.pathOf(state)
    attempt(`write to ${path}`, () => accessSync(path, constants.W_OK), undefined)
  }

  /** Removes a pin of a state; that of a link detaches. @throws NotPermitted, KernelError */
  unpin(state: string, pinName: string): void {
    const path = this.pathOf(state, pinName)
    if (pinName.startsWith('link-')) unpinLink(path)
    else unpin(path)
  }

  /** Removes the folder of a state, unless another one of its name is there already. */
  remove(state: string): void {
    const path = this.pathOf(state)
    attempt(
      `remove ${path}`,
      () => {
        if (readdirSync(path).length === 0) rmdirSync(path)
      },
      undefined,
    )
  }
}

/** Runs a step on bpffs; `absent` is the result where there is nothing. */
function attempt<T>(action: string, step: () => T, absent: T): T {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const code = String(error.code)
    // EEXIST: another process was faster
    if (code === 'ENOENT' || code === 'EEXIST') return absent
    if (code === 'EACCES' || code === 'EPERM')
      throw new NotPermitted(
        `Cannot ${action}: only root may use states in the kernel`,
        'run it with sudo',
        code,
      )
    const reason = code === 'EROFS' ? 'the file system is mounted read-only' : error.message
    const hint = 'mount bpffs anew, or name another directory with MOONRING_BPFFS'
    throw new KernelError('KERNEL', `Cannot ${action}: ${reason}`, hint, code)
  }
}
