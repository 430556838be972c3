/**
 * Where the states of the kernel are: a folder of bpffs for each, which only root may enter. It holds pins:
 *
 *     moonring/NAME/memory-0       the arena of the first replica; states of one replica have no other
 *                   vm-0           the program that executes commands of the VM in it
 *                   link-3         attaches the hook of slot 3 of the control block
 *                   program-3      what it runs
 *                   programs-3     with several replicas: the array from which that takes the program of its CPU,
 *                   program-3-0    and these
 *
 * Folders are found part by part, without following links, and what is done in them goes by their descriptors: nothing but pins
 * of these names, in bpffs, is ever opened or removed.
 */

import { accessSync, constants } from 'node:fs'
import { systemError } from '../host/system-error.ts'
import type { TrustedFolder } from '../host/trusted-folder.ts'
import { BPFFS_DIRECTORY, ensureBpffs, inWords, openBpffs } from '../kernel/bpffs.ts'
import { KernelError } from '../kernel/errors.ts'
import { type PinPath, pinnedArenaAddress, unpin, unpinLink } from '../kernel/pin.ts'
import { isName } from './state-name.ts'

const FOLDER = 'moonring'
/** Only its owner may look into it: the kernel checks who uses a state. */
const MODE = 0o700
/** Names of pins, as above. */
const PIN = /^((memory|vm|link|program|programs)-\d+|(link|program)-\d+-\d+)$/

/** A path at which there is nothing. */
const NOWHERE = '/proc/self/fd/-1'

/** Where the pins of a state are, for as long as its folder is open. */
export type At = (pin: string) => PinPath

export class KernelFolder {
  /** Where bpffs is mounted, or is to be. */
  readonly bpffs: string

  constructor(bpffs: string = BPFFS_DIRECTORY) {
    this.bpffs = bpffs
  }

  /** Does something with the folder of all states; `absent` where there is none. @throws NotPermitted, KernelError */
  #inAll<T>(action: string, absent: T, step: (all: TrustedFolder) => T): T {
    using bpffs = openBpffs(this.bpffs)
    if (bpffs === undefined) return absent
    return inWords(action, () =>
      orAbsent(absent, () => {
        using all = bpffs.folder(FOLDER)
        return step(all)
      }),
    )
  }

  /** The same with the folder of a state. */
  #inOne<T>(action: string, state: string, absent: T, step: (folder: TrustedFolder) => T): T {
    return this.#inAll(`${action} ${this.#shown(state)}`, absent, (all) => {
      using folder = all.folder(state)
      return step(folder)
    })
  }

  #shown(...names: string[]): string {
    return [this.bpffs, FOLDER, ...names].join('/')
  }

  #at(folder: TrustedFolder, state: string): At {
    return (pin) => ({ path: folder.at(pin), shown: this.#shown(state, pin) })
  }

  /**
   * Does something with pins of a state. Where it has no folder, they are none.
   * @throws NotPermitted, KernelError
   */
  within<T>(state: string, step: (at: At) => T): T {
    const nowhere: At = (pin) => ({ path: NOWHERE, shown: this.#shown(state, pin) })
    const done = this.#inOne('use', state, undefined, (folder) => ({
      result: step(this.#at(folder, state)),
    }))
    return done === undefined ? step(nowhere) : done.result
  }

  /** Names of all states, complete or not. @throws NotPermitted, KernelError */
  states(): string[] {
    return this.#inAll(`read ${this.#shown()}`, [], (all) =>
      all.names().filter((name) => isName(name) && all.status(name)?.isDirectory()),
    )
  }

  /** Names of a state's pins. */
  pins(state: string): string[] {
    return this.#inOne('read', state, [], pinsIn)
  }

  /** Addresses of the memories of all states, so that one process can have all of them. */
  addresses(): ReadonlySet<number> {
    const addresses = this.states().flatMap((state) =>
      this.#inOne('read', state, [], (folder) =>
        pinsIn(folder).flatMap((pin) => {
          if (!pin.startsWith('memory-')) return []
          try {
            return [pinnedArenaAddress(this.#at(folder, state)(pin))]
          } catch {
            return [] // it has just been removed, or is none
          }
        }),
      ),
    )
    return new Set(addresses)
  }

  /** Makes the folder of a state, unless it is there. @throws NotPermitted, NotAvailable, KernelError */
  make(state: string): void {
    using bpffs = ensureBpffs(this.bpffs)
    inWords(`create ${this.#shown(state)}`, () => {
      using all = bpffs.folder(FOLDER, { make: MODE })
      all.folder(state, { make: MODE }).close()
    })
  }

  /** @throws KernelError unless the pins of a state can be removed */
  requireWritable(state: string): void {
    this.#inOne('write to', state, undefined, (folder) => accessSync(folder.at(), constants.W_OK))
  }

  /** Removes a pin of a state; that of a link detaches. @throws NotPermitted, KernelError */
  unpin(state: string, pinName: string): void {
    this.#inOne('write to', state, undefined, (folder) => {
      if (!pinsIn(folder).includes(pinName)) return
      const pin = this.#at(folder, state)(pinName)
      if (pinName.startsWith('link-')) unpinLink(pin)
      else unpin(pin)
    })
  }

  /** Removes the folder of a state, unless another one of its name is there already. @throws KernelError if it holds others' things */
  remove(state: string): void {
    this.#inAll(`remove ${this.#shown(state)}`, undefined, (all) => {
      if (!all.status(state)?.isDirectory()) return
      using folder = all.folder(state)
      if (pinsIn(folder).length > 0) return
      const [other] = folder.names()
      if (other !== undefined)
        throw new KernelError(
          'KERNEL',
          `Cannot remove ${this.#shown(state)}: it holds ${other}, which is no pin of Moonring`,
          'remove that first, if nobody needs it',
        )
      all.removeFolder(state)
    })
  }
}

/** What are pins by their names and are no links or folders. */
function pinsIn(folder: TrustedFolder): string[] {
  return folder.names().filter((name) => PIN.test(name) && folder.status(name)?.isFile())
}

/** `absent` where there is no such folder, or another process was faster. */
function orAbsent<T>(absent: T, step: () => T): T {
  try {
    return step()
  } catch (error) {
    const code = systemError(error)?.code
    if (!(error instanceof KernelError) && (code === 'ENOENT' || code === 'ENOTEMPTY')) return absent
    throw error
  }
}
