/** A named state in the kernel. It lives on when this process ends, and is found again by its pins. */
import { availableParallelism } from 'node:os'
import { CONTROL_STATUS } from '../isa/layout.ts'
import { unpin } from '../kernel/pin.ts'
import { describeState } from './describe.ts'
import type { StateDescription } from './description.ts'
import { type Field, fieldsOf } from './fields.ts'
import { attachKernelHook, freeSlot, recoverSlots } from './kernel-attach.ts'
import type { KernelFolder } from './kernel-folder.ts'
import type { FindHook } from './kernel-states.ts'
import { type LogPart, readLog } from './log-reader.ts'
import type { AttachOptions, CreateOptions, NamedState, Output, Script } from './named-state.ts'
import { alreadyThere, checkDescription } from './prepare.ts'
import { Incomplete, Replica } from './replica.ts'
import { checkName } from './state-name.ts'

/** What every state needs of its surroundings. */
export interface Surroundings {
  readonly folder: KernelFolder
  readonly findHook: FindHook
}

export class KernelState implements NamedState {
  readonly name: string
  readonly engine = 'kernel'
  readonly #folder: KernelFolder
  readonly #findHook: FindHook
  readonly #replicas: Replica[] = []
  /** Where what scripts print goes now. */
  #output: Output = () => {}

  private constructor({ folder, findHook }: Surroundings, name: string) {
    this.#folder = folder
    this.#findHook = findHook
    this.name = name
  }

  /** Makes a state. @throws StateError `EXISTS` or `BAD_NAME`, NotPermitted, NotAvailable, VerifierError, KernelError */
  static create(around: Surroundings, name: string, options: CreateOptions = {}): KernelState {
    checkName(name)
    checkDescription(options.description ?? '')
    const { folder } = around
    const made = new KernelState(around, name)
    made.#claim()
    try {
      const count = options.perCpu ? availableParallelism() : 1
      for (let i = 0; i < count; i++) made.#add((output) => Replica.create(folder, name, i, options, output))
    } catch (error) {
      made.#undo()
      throw error
    }
    for (const { control } of made.#replicas) control.status = CONTROL_STATUS.READY
    for (const { state } of made.#replicas) state.unlock()
    return made
  }

  /** Opens a state that has a folder. @throws StateError `INCOMPATIBLE` or `BUSY`, Incomplete, NotPermitted, KernelError */
  static open(around: Surroundings, name: string): KernelState {
    const { folder } = around
    const opened = new KernelState(around, name)
    const memories = folder.pins(name).filter((pin) => pin.startsWith('memory-'))
    if (memories.length === 0)
      throw new Incomplete(name, 'whoever was to have it made has ended before that was done')
    try {
      for (const [i] of memories.entries()) opened.#add((output) => Replica.open(folder, name, i, output))
      recoverSlots(folder, name, opened.#replicas)
    } catch (error) {
      opened.close()
      throw error
    }
    return opened
  }

  #add(make: (output: Output) => Replica): void {
    const number = this.#replicas.length
    this.#replicas.push(
      make((text) => {
        if (number === this.#speaking) this.#output(text)
      }),
    )
  }

  /** The replica whose output is shown. */
  #speaking = 0

  /** Makes the folder; one that holds no whole state, and of which nobody makes one, is emptied first. */
  #claim(): void {
    const { name } = this
    const folder = this.#folder
    if (folder.states().includes(name) && folder.pins(name).length > 0) {
      try {
        KernelState.open({ folder, findHook: this.#findHook }, name).close()
      } catch (error) {
        if (!(error instanceof Incomplete)) throw alreadyThere(name)
        destroyPins(folder, name)
      }
      if (folder.pins(name).length > 0) throw alreadyThere(name)
    }
    folder.make(name)
  }

  /** Takes back what a failed creation has made. */
  #undo(): void {
    for (const [i] of this.#replicas.entries())
      for (const pin of ['vm', 'memory']) unpin(this.#folder.pathOf(this.name, `${pin}-${i}`))
    this.close()
    if (this.#folder.pins(this.name).length === 0) this.#folder.remove(this.name)
  }

  async load(script: Script, output: Output): Promise<void> {
    await this.#inAll(output, false, ({ state }) => state.load(script.text, { name: script.name }))
  }

  async evaluate(script: Script, output: Output, each = false): Promise<void> {
    await this.#inAll(output, each, ({ state }) => state.loadAndPrint(script.text, { name: script.name }))
  }

  /** Does something in every replica. Of `each`, or of the first one alone, the output is shown. */
  async #inAll(output: Output, each: boolean, step: (replica: Replica) => Promise<unknown>): Promise<void> {
    for (const [i, replica] of this.#replicas.entries()) {
      this.#speaking = each ? i : 0
      this.#output = each ? (text) => output(Buffer.concat([Buffer.from(`CPU ${i}: `), text])) : output
      await step(replica)
    }
  }

  /** Makes the script that runs end with an error. */
  interrupt(): void {
    for (const { state } of this.#replicas) state.interrupt()
  }

  async fields(path: string): Promise<Field[]> {
    const [{ state }] = this.#replicas as [Replica]
    return fieldsOf(state, path)
  }

  async attach(hook: string, options: AttachOptions = {}): Promise<void> {
    attachKernelHook(this.#folder, this.name, this.#replicas, this.#findHook(hook), options)
  }

  async detach(hook?: string): Promise<number> {
    const [{ control }] = this.#replicas as [Replica]
    const records = control.hooks().filter((record) => hook === undefined || control.nameOf(record) === hook)
    for (const { slot } of records) freeSlot(this.#folder, this.name, this.#replicas, slot)
    return records.length
  }

  async describe(): Promise<StateDescription> {
    const [{ arena }] = this.#replicas as [Replica]
    const controls = this.#replicas.map(({ control }) => control)
    return describeState(this.name, 'kernel', controls, arena.buffer)
  }

  async log(after = 0): Promise<LogPart> {
    const [{ control }] = this.#replicas as [Replica]
    return readLog(control, after)
  }

  /** The states of the replicas, for calls from TypeScript. */
  get states() {
    return this.#replicas.map(({ state }) => state)
  }

  async destroy(): Promise<void> {
    for (const { control, state } of this.#replicas) {
      if (!control.broken) state.lock()
      control.status = CONTROL_STATUS.DESTROYED
    }
    this.close()
    destroyPins(this.#folder, this.name)
  }

  close(): void {
    for (const replica of this.#replicas) replica.close()
    this.#replicas.length = 0
  }
}

/** Removes whatever there is of a state: what attaches it first, its memory at last. */
export function destroyPins(folder: KernelFolder, name: string): void {
  const order = ['link-', 'program-', 'programs-', 'vm-', 'memory-']
  const rank = (pin: string) => order.findIndex((start) => pin.startsWith(start))
  const pins = folder.pins(name).sort((a, b) => rank(a) - rank(b))
  for (const pin of pins) unpin(folder.pathOf(name, pin))
  folder.remove(name)
}
