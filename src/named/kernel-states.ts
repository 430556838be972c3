/** The named states of the kernel, as the pins in bpffs have them. */
import type { Hook, Subsystem } from '../hook/subsystem.ts'
import type { HostFunction } from '../state/argument.ts'
import { StateError } from '../state/errors.ts'
import { findHook, SUBSYSTEMS } from '../subsystems/find.ts'
import type { StateDescription } from './description.ts'
import { KernelFolder } from './kernel-folder.ts'
import { destroyPins, KernelState } from './kernel-state.ts'
import type { CreateOptions, NamedStates } from './named-state.ts'
import { Incomplete } from './replica.ts'
import { checkName } from './state-name.ts'

/** Finds a hook by its name. @throws StateError `NO_HOOK` */
export type FindHook = (name: string) => { readonly hook: Hook; readonly subsystem: Subsystem }

export interface KernelStatesOptions {
  /** Where bpffs is mounted, or is to be; default /sys/fs/bpf. */
  readonly bpffs?: string
  /** Subsystems besides those that come with Moonring. */
  readonly subsystems?: readonly Subsystem[]
}

/** Functions of libraries by their names, as scripts call them: how processes serve them. */
function functionsOf(subsystems: readonly Subsystem[]): FindFunction {
  const entries = subsystems
    .flatMap(({ libraries }) => libraries)
    .flatMap(({ name, functions }) =>
      Object.entries(functions).map(([key, { user }]) => [`${name}.${key}`, user ?? 'hook'] as const),
    )
  const found = new Map<string, HostFunction | 'hook'>(entries)
  return (name) => found.get(name)
}

/** How a process serves a function of a library; `hook` if hooks alone do. */
export type FindFunction = (name: string) => HostFunction | 'hook' | undefined

export class KernelStates implements NamedStates {
  readonly #folder: KernelFolder
  readonly #findHook: FindHook
  readonly #findFunction: FindFunction

  constructor({ bpffs, subsystems = [] }: KernelStatesOptions = {}) {
    this.#folder = new KernelFolder(bpffs)
    this.#findHook = (name) => findHook(name, [...subsystems, ...SUBSYSTEMS])
    this.#findFunction = functionsOf([...SUBSYSTEMS, ...subsystems])
  }

  get #surroundings() {
    return { folder: this.#folder, findHook: this.#findHook, findFunction: this.#findFunction }
  }

  async create(name: string, options: CreateOptions): Promise<KernelState> {
    return KernelState.create(this.#surroundings, name, options)
  }

  async open(name: string): Promise<KernelState | undefined> {
    checkName(name)
    if (!this.#has(name)) return undefined
    try {
      return KernelState.open(this.#surroundings, name)
    } catch (error) {
      // it has been destroyed meanwhile
      if (error instanceof Incomplete && !this.#has(name)) return undefined
      throw error
    }
  }

  /** A folder without pins is no state: it is about to become one, or was one. */
  #has(name: string): boolean {
    return this.#folder.pins(name).length > 0
  }

  async list(): Promise<StateDescription[]> {
    const descriptions: StateDescription[] = []
    for (const name of this.#folder.states()) {
      const description = await this.#describe(name)
      if (description) descriptions.push(description)
    }
    return descriptions
  }

  async #describe(name: string): Promise<StateDescription | undefined> {
    try {
      const state = await this.open(name)
      try {
        return await state?.describe()
      } finally {
        state?.close()
      }
    } catch (error) {
      if (!(error instanceof StateError)) throw error
      return this.#has(name) ? unusable(name, error) : undefined
    }
  }

  async destroy(name: string): Promise<boolean> {
    try {
      const state = await this.open(name)
      if (state === undefined) {
        this.#folder.remove(name)
        return false
      }
      try {
        await state.destroy()
      } finally {
        state.close()
      }
      return true
    } catch (error) {
      const isRemovable =
        error instanceof Incomplete || (error instanceof StateError && error.code === 'INCOMPATIBLE')
      if (!isRemovable) throw error
      destroyPins(this.#folder, name)
      return true
    }
  }
}

/** What can be told about a state that can't be used. */
function unusable(name: string, error: StateError): StateDescription {
  return {
    name,
    engine: 'kernel',
    status: error.code === 'INCOMPATIBLE' ? 'incompatible' : error.code === 'BUSY' ? 'busy' : 'incomplete',
    reason: [error.message.replace(/^Cannot use the state '[^']*': /, ''), error.hint]
      .filter(Boolean)
      .join('; '),
    description: '',
    version: '',
    created: '',
    replicas: 0,
    memory: { used: 0, limit: 0, peak: 0 },
    fuel: null,
    deadline: null,
    collections: 0,
    calls: 0,
    errors: 0,
    fallbacks: 0,
    recovered: 0,
    log: { records: 0, dropped: 0 },
    hooks: [],
    libraries: [],
  }
}
