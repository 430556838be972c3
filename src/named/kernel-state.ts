/** A named state in the kernel. It lives on when this process ends, and is found again by its pins. */
import { availableParallelism } from 'node:os'
import { CONTROL, CONTROL_STATUS } from '../isa/layout.ts'
import { StateError } from '../state/errors.ts'
import { internalsOf } from '../state/state.ts'
import { hasDied } from '../state/state-lock.ts'
import type { HookRecord } from './control-block.ts'
import { describeState } from './describe.ts'
import type { StateDescription } from './description.ts'
import { type Field, fieldsOf } from './fields.ts'
import { goneAttachments } from './gone.ts'
import { attachKernelHook, freeSlot, recoverSlots, unfinishedSlots } from './kernel-attach.ts'
import type { KernelFolder } from './kernel-folder.ts'
import type { FindFunction, FindHook } from './kernel-states.ts'
import { type LogPart, readLog } from './log-reader.ts'
import type { AttachOptions, CreateOptions, NamedState, Output, Script } from './named-state.ts'
import { alreadyThere, checkCreateOptions } from './prepare.ts'
import { Incomplete, Replica } from './replica.ts'
import { checkName } from './state-name.ts'

/** What every state needs of its surroundings. */
export interface Surroundings {
  readonly folder: KernelFolder
  readonly findHook: FindHook
  readonly findFunction: FindFunction
}

export class KernelState implements NamedState {
  readonly name: string
  readonly engine = 'kernel'
  readonly #folder: KernelFolder
  readonly #around: Surroundings
  readonly #replicas: Replica[] = []
  /** Where what scripts print goes now. */
  #output: Output = () => {}

  private constructor(around: Surroundings, name: string) {
    this.#folder = around.folder
    this.#around = around
    this.name = name
  }

  /** Makes a state. @throws StateError `EXISTS` or `BAD_NAME`, NotPermitted, NotAvailable, VerifierError, KernelError */
  static create(around: Surroundings, name: string, options: CreateOptions = {}): KernelState {
    checkName(name)
    checkCreateOptions('kernel', name, options)
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
    // the first one at last: it stands for all
    for (const { control, manager } of [...made.#replicas].reverse()) {
      control.status = CONTROL_STATUS.READY
      manager.release()
    }
    return made
  }

  /** Opens a state that has a folder. @throws StateError `INCOMPATIBLE` or `BUSY`, Incomplete, NotPermitted, KernelError */
  static open(around: Surroundings, name: string): KernelState {
    const { folder } = around
    const opened = new KernelState(around, name)
    const memories = folder.pins(name).filter((pin) => pin.startsWith('memory-'))
    if (memories.length === 0) throw new Incomplete(name, 'its memory is missing')
    try {
      for (const [i] of memories.entries()) opened.#add((output) => Replica.open(folder, name, i, output))
      opened.#recover()
    } catch (error) {
      opened.close()
      throw error
    }
    return opened
  }

  /** Repairs what processes that have died left behind. */
  #recover(): void {
    for (const { state, control } of this.#replicas) {
      if (control.broken || !hasDied(control.long(control.address + CONTROL.LOCK))) continue
      state.lock()
      state.unlock()
    }
    const [{ manager }] = this.#replicas as [Replica]
    const { folder, name, replicas } = { folder: this.#folder, name: this.name, replicas: this.#replicas }
    if (unfinishedSlots(folder, name, replicas).length === 0) return
    if (manager.holder === 0n || manager.abandoned) this.#manage(() => recoverSlots(folder, name, replicas))
  }

  /** Changes pins, while no other process does. @throws StateError `BUSY`, or `NO_STATE` if it is destroyed by now */
  #manage<T>(step: () => T): T {
    const [{ manager }] = this.#replicas as [Replica]
    manager.acquire()
    try {
      this.#requireExisting()
      this.#folder.requireWritable(this.name)
      return step()
    } finally {
      manager.release()
    }
  }

  #requireExisting(): void {
    const [first] = this.#replicas
    if (first?.control.status !== CONTROL_STATUS.DESTROYED) return
    throw new StateError('NO_STATE', `Cannot use the state '${this.name}': it has just been destroyed`)
  }

  #add(make: (output: Output) => Replica): void {
    const number = this.#replicas.length
    const replica = make((text) => {
      if (number === this.#speaking) this.#output(text)
    })
    internalsOf(replica.state).serveBy(this.#around.findFunction)
    this.#replicas.push(replica)
  }

  /** The replica whose output is shown. */
  #speaking = 0

  /** Sees whether the name is free; a folder that holds no whole state, and of which nobody makes one, is emptied. */
  #claim(): void {
    const { name } = this
    const folder = this.#folder
    if (folder.states().includes(name) && folder.pins(name).length > 0) {
      try {
        KernelState.open(this.#around, name).close()
      } catch (error) {
        if (!(error instanceof Incomplete)) throw alreadyThere(name)
        destroyPins(folder, name)
      }
      if (folder.pins(name).length > 0) throw alreadyThere(name)
    }
  }

  /** Takes back what a failed creation has made. */
  #undo(): void {
    for (const [i] of this.#replicas.entries())
      for (const pin of ['vm', 'memory']) this.#folder.unpin(this.name, `${pin}-${i}`)
    this.close()
    this.#folder.remove(this.name)
  }

  async load(script: Script, output: Output): Promise<void> {
    await this.#inAll(output, false, ({ state }) => state.load(script.text, { name: script.name }))
  }

  async evaluate(script: Script, output: Output, each = false): Promise<void> {
    await this.#inAll(output, each, ({ state }) => state.loadAndPrint(script.text, { name: script.name }))
  }

  /** Does something in every replica. Of `each`, or of the first one alone, the output is shown. */
  async #inAll(output: Output, each: boolean, step: (replica: Replica) => Promise<unknown>): Promise<void> {
    this.#requireExisting()
    for (const [i, replica] of this.#replicas.entries()) {
      this.#speaking = each ? i : 0
      this.#output = each ? (text) => output(Buffer.concat([Buffer.from(`CPU ${i}: `), text])) : output
      await step(replica)
    }
  }

  /** Makes the script that runs end with an error; a second time, even if it catches that. */
  interrupt(): void {
    for (const { state } of this.#replicas) state.interrupt()
  }

  async fields(path: string): Promise<Field[]> {
    const [{ state }] = this.#replicas as [Replica]
    return fieldsOf(state, path)
  }

  async attach(hook: string, options: AttachOptions = {}): Promise<void> {
    const found = this.#around.findHook(hook)
    this.#manage(() => attachKernelHook(this.#folder, this.name, this.#replicas, found, options))
  }

  async detach(hook?: string): Promise<number> {
    const [{ control }] = this.#replicas as [Replica]
    return this.#manage(() => {
      const isMeant = (record: HookRecord) => hook === undefined || control.nameOf(record) === hook
      const records = control.hooks().filter(isMeant)
      for (const { slot } of records) freeSlot(this.#folder, this.name, this.#replicas, slot)
      return records.length
    })
  }

  async describe(): Promise<StateDescription> {
    const [{ arena, control }] = this.#replicas as [Replica]
    const gone = goneAttachments(this.#folder, this.name, control)
    const controls = this.#replicas.map(({ control }) => control)
    return describeState(this.name, 'kernel', controls, arena.buffer, { gone })
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
    this.#manage(() => {
      for (const { control, state } of this.#replicas) {
        if (!control.broken) state.lock()
        control.status = CONTROL_STATUS.DESTROYED
      }
      destroyPins(this.#folder, this.name)
    })
    this.close()
  }

  close(): void {
    for (const replica of this.#replicas) replica.close()
    this.#replicas.length = 0
  }
}

/** Removes whatever there is of a state: what attaches it first, its memory at last, of which the first tells the status. */
export function destroyPins(folder: KernelFolder, name: string): void {
  const order = ['link-', 'program-', 'programs-', 'vm-', 'memory-']
  const rank = (pin: string) => order.findIndex((start) => pin.startsWith(start))
  const pins = folder
    .pins(name)
    .reverse()
    .sort((a, b) => rank(a) - rank(b))
  for (const pin of pins) folder.unpin(name, pin)
  folder.remove(name)
}
