/**
 * A named state in this process: a memory of WebAssembly with a control block behind it, as states in the kernel have
 * it in their arena, its driver, and its attachments. Everybody who opens the state (user-state.ts) shares it.
 */
import type { Attachment, HookCall, Report, UserHook } from '../hook/subsystem.ts'
import { CONTROL_STATUS, HOOK, HOOK_STATUS, MEMORY } from '../isa/layout.ts'
import { StateError } from '../state/errors.ts'
import { internalsOf, State } from '../state/state.ts'
import { instantiateWithControl } from '../state/user-engine.ts'
import { checkAttachOptions } from './attach-options.ts'
import { ControlBlock, type HookRecord } from './control-block.ts'
import { describeState } from './describe.ts'
import type { StateDescription } from './description.ts'
import {
  grantLibraries,
  type Memory,
  requireFunction,
  reserveSlot,
  setStatus,
  withdrawLibraries,
} from './hook-slot.ts'
import type { FindHook } from './kernel-states.ts'
import { type LogPart, readLog } from './log-reader.ts'
import type { AttachOptions, CreateOptions, Output } from './named-state.ts'
import { driverOptions, prepareControl } from './prepare.ts'
import { Turns } from './turns.ts'

/** What a subsystem calls through, until it is detached. */
interface Line {
  open: boolean
}

interface Attached extends Line {
  readonly attachment: Attachment
}

export class LocalState implements Memory {
  readonly name: string
  readonly state: State
  readonly control: ControlBlock
  readonly #buffer: ArrayBuffer
  readonly #turns: Turns
  readonly #report: Report
  /** By slot. */
  readonly #attachments = new Map<number, Attached>()
  /** Where what scripts print goes now. */
  #output: Output = () => {}
  #ended = false

  /** @throws StateError `BAD_OPTION`, NotAvailable */
  constructor(name: string, options: CreateOptions, report: Report) {
    this.name = name
    this.#report = report
    const output: Output = (text) => this.#output(text)
    this.state = new State(driverOptions(options, output), instantiateWithControl)
    const { memory } = internalsOf(this.state)
    this.#buffer = memory.bytes.buffer as ArrayBuffer
    this.control = new ControlBlock(this.#buffer, memory.word(MEMORY.CONTROL))
    prepareControl(this.control, options)
    this.control.status = CONTROL_STATUS.READY
    this.#turns = new Turns(this.state)
  }

  /**
   * Does something with the state when it is its turn. What scripts print meanwhile goes to `output`.
   * @throws StateError `NO_STATE` once it is destroyed, `BUSY`, and what the step throws
   */
  async run<T>(
    step: (state: State) => T | Promise<T>,
    output: Output = () => {},
    signal?: AbortSignal,
  ): Promise<T> {
    this.#requireAlive()
    return this.#turns.run(async () => {
      this.#output = output
      try {
        return await step(this.state)
      } finally {
        this.#output = () => {}
      }
    }, signal)
  }

  /** @throws StateError, and what the hook throws when it can't begin; nothing stays attached then */
  async attach({ hook, subsystem }: ReturnType<FindHook>, options: AttachOptions): Promise<void> {
    if (hook.where !== 'user')
      throw new StateError(
        'BAD_OPTION',
        `Cannot attach '${this.name}' to ${hook.name}: that is called in the kernel, and the state lives in user space`,
        'make a state with --kernel',
      )
    const checked = checkAttachOptions(hook, options)
    hook.requireAvailable?.()
    const slot = await this.run(() => {
      requireFunction(this.state, hook, checked)
      return reserveSlot([this], hook, checked)
    })
    const had = this.control.libraries
    const line: Line = { open: true }
    try {
      await this.run(() => grantLibraries(this, subsystem))
      const report: Report = (problem) => this.#reportOf(hook, problem)
      const attachment = await hook.attach(this.#callOf(slot, hook, line), checked.target ?? '', report)
      this.#attachments.set(slot, Object.assign(line, { attachment }))
      if (this.#ended) await this.#release(slot) // destroyed meanwhile
      this.#requireAlive()
      setStatus(this.control, slot, HOOK_STATUS.ACTIVE)
    } catch (error) {
      line.open = false
      setStatus(this.control, slot, HOOK_STATUS.FREE)
      // another attachment that is under way may have them by now
      if (!this.#ended && this.control.hooks(HOOK_STATUS.RESERVED).length === 0)
        await this.run(() => withdrawLibraries(this, had))
      throw error
    }
  }

  /** What a hook calls. Once it is detached, nothing but the default verdict comes of it. */
  #callOf(slot: number, hook: UserHook, line: Line): HookCall {
    const record = this.control.hook(slot)
    const onFailure = this.control.word(record.address + HOOK.ON_FAILURE)
    return async (...args) => {
      if (!line.open || this.#ended) return onFailure
      try {
        return await this.#turns.runHook(() => internalsOf(this.state).callHook(record.address, args))
      } catch (error) {
        this.#countFailure(record, hook, error)
        return onFailure
      }
    }
  }

  /** A call that the driver had to give up, such as one whose binding has answered with what Lua has no value for. */
  #countFailure({ address }: HookRecord, hook: UserHook, error: unknown): void {
    if (this.#ended) return
    for (const counter of [HOOK.CALLS, HOOK.ERRORS])
      this.control.setLong(address + counter, this.control.long(address + counter) + 1n)
    this.#reportOf(hook, messageOf(error))
  }

  #reportOf(hook: UserHook, problem: string): void {
    this.#report(`state '${this.name}', hook ${hook.name}: ${problem}`)
  }

  /**
   * Ends all attachments to a hook, or to all hooks, newest first. How many there were.
   * @throws the last problem that a subsystem had with giving back what it had taken over; it is detached all the same
   */
  async detach(hook?: string): Promise<number> {
    const records = this.control
      .hooks()
      .filter((record) => hook === undefined || this.control.nameOf(record) === hook)
    const problems: unknown[] = []
    for (const { slot } of records.reverse())
      await this.#release(slot).catch((error: unknown) => problems.push(error))
    if (problems.length > 0) throw problems.at(-1)
    return records.length
  }

  async #release(slot: number): Promise<void> {
    const attached = this.#attachments.get(slot)
    if (attached === undefined) return
    this.#attachments.delete(slot)
    try {
      await attached.attachment.detach()
    } finally {
      attached.open = false
      setStatus(this.control, slot, HOOK_STATUS.FREE)
    }
  }

  describe(): StateDescription {
    this.#requireAlive()
    const own = new Map(
      [...this.#attachments].flatMap(([slot, { attachment }]) => {
        const figures = attachment.figures?.()
        return figures ? [[slot, figures] as const] : []
      }),
    )
    return describeState(this.name, 'user', [this.control], this.#buffer, { own })
  }

  log(after?: number): LogPart {
    this.#requireAlive()
    return readLog(this.control, after)
  }

  /**
   * Detaches, runs finalizers, and gives the memory back.
   * @throws StateError `BUSY`; it is detached then, but still there
   */
  async destroy(): Promise<void> {
    await this.#detachAll()
    await this.run(() => this.#close())
  }

  /** The same without waiting for anybody: what runs is given up. */
  async end(): Promise<void> {
    await this.#detachAll()
    this.#close()
  }

  async #detachAll(): Promise<void> {
    await this.detach().catch((error: unknown) => this.#report(`state '${this.name}': ${messageOf(error)}`))
  }

  #close(): void {
    if (this.#ended) return
    this.#ended = true
    this.#turns.refuse(gone(this.name))
    this.control.status = CONTROL_STATUS.DESTROYED
    this.state.close()
  }

  get ended(): boolean {
    return this.#ended
  }

  #requireAlive(): void {
    if (this.#ended) throw gone(this.name)
  }
}

function gone(name: string): StateError {
  return new StateError('NO_STATE', `Cannot use the state '${name}': it has been destroyed`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
