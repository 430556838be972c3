/** A use of a named state in this process. Others may use the same state at the same time: they take turns. */
import type { StateDescription } from './description.ts'
import { type Field, fieldsOf } from './fields.ts'
import type { FindHook } from './kernel-states.ts'
import type { LocalState } from './local-state.ts'
import type { LogPart } from './log-reader.ts'
import type { AttachOptions, NamedState, Output, Script } from './named-state.ts'

export class UserState implements NamedState {
  readonly engine = 'user'
  readonly #local: LocalState
  readonly #findHook: FindHook
  /** What runs, or waits for its turn. */
  readonly #under = new Set<AbortController>()

  constructor(local: LocalState, findHook: FindHook) {
    this.#local = local
    this.#findHook = findHook
  }

  get name(): string {
    return this.#local.name
  }

  async load({ name, text }: Script, output: Output): Promise<void> {
    await this.#run(output, (state) => state.load(text, { name }))
  }

  /** `each` means nothing here: the state has one memory. */
  async evaluate({ name, text }: Script, output: Output): Promise<void> {
    await this.#run(output, (state) => state.loadAndPrint(text, { name }))
  }

  async #run(output: Output, step: Parameters<LocalState['run']>[0]): Promise<void> {
    const abort = new AbortController()
    this.#under.add(abort)
    try {
      await this.#local.run(step, output, abort.signal)
    } finally {
      this.#under.delete(abort)
    }
  }

  /** Makes the scripts that run, or are to run, for this use end with an error; those of others go on. */
  interrupt(): void {
    for (const abort of this.#under)
      if (!abort.signal.aborted) abort.abort()
      // a signal aborts once: whoever listens still is told of the second time by the same event
      else abort.signal.dispatchEvent(new Event('abort'))
  }

  fields(path: string): Promise<Field[]> {
    return this.#local.run((state) => fieldsOf(state, path))
  }

  async attach(hook: string, options: AttachOptions = {}): Promise<void> {
    await this.#local.attach(this.#findHook(hook), options)
  }

  detach(hook?: string): Promise<number> {
    return this.#local.detach(hook)
  }

  async describe(): Promise<StateDescription> {
    return this.#local.describe()
  }

  async log(after?: number): Promise<LogPart> {
    return this.#local.log(after)
  }

  destroy(): Promise<void> {
    return this.#local.destroy()
  }

  /** The state for calls from TypeScript, when it is its turn; see LocalState. */
  run: LocalState['run'] = (...args) => this.#local.run(...args)

  /** Interrupts what this use runs. The state lives on until it is destroyed, or its process ends. */
  close(): void {
    this.interrupt()
    this.interrupt()
  }
}
