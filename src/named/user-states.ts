/** The named states of this process, which ends them when it ends. */
import type { Report, Subsystem } from '../hook/subsystem.ts'
import { StateError } from '../state/errors.ts'
import { findHook, SUBSYSTEMS } from '../subsystems/find.ts'
import type { StateDescription } from './description.ts'
import type { FindHook } from './kernel-states.ts'
import { LocalState } from './local-state.ts'
import type { CreateOptions, NamedStates } from './named-state.ts'
import { alreadyThere, checkCreateOptions } from './prepare.ts'
import { checkName } from './state-name.ts'
import { UserState } from './user-state.ts'

export interface UserStatesOptions {
  /** Subsystems besides those that come with Moonring. */
  readonly subsystems?: readonly Subsystem[]
  /** Gets what goes wrong where nobody waits for an answer. */
  readonly report?: Report
}

export class UserStates implements NamedStates {
  readonly #findHook: FindHook
  readonly #report: Report
  readonly #states = new Map<string, LocalState>()

  constructor({ subsystems = [], report = () => {} }: UserStatesOptions = {}) {
    this.#findHook = (name) => findHook(name, [...subsystems, ...SUBSYSTEMS])
    this.#report = report
  }

  /** @throws StateError, NotAvailable */
  async create(name: string, options: CreateOptions = {}): Promise<UserState> {
    checkName(name)
    checkCreateOptions('user', name, options)
    if (options.perCpu)
      throw new StateError(
        'BAD_OPTION',
        `Cannot create the state '${name}': one memory for each CPU is for states in the kernel`,
        'add --kernel, or leave --percpu away',
      )
    if (this.#find(name)) throw alreadyThere(name)
    const local = new LocalState(name, options, this.#report)
    this.#states.set(name, local)
    return new UserState(local, this.#findHook)
  }

  async open(name: string): Promise<UserState | undefined> {
    checkName(name)
    const local = this.#find(name)
    return local && new UserState(local, this.#findHook)
  }

  async list(): Promise<StateDescription[]> {
    const living = [...this.#states.values()].filter(({ ended }) => !ended)
    return living.map((local) => local.describe())
  }

  async destroy(name: string): Promise<boolean> {
    checkName(name)
    const local = this.#find(name)
    await local?.destroy()
    return local !== undefined
  }

  #find(name: string): LocalState | undefined {
    const local = this.#states.get(name)
    if (!local?.ended) return local
    this.#states.delete(name)
    return undefined
  }

  /** Ends all states: detaches them, and runs their finalizers. */
  async close(): Promise<void> {
    for (const local of [...this.#states.values()].reverse()) await local.end()
    this.#states.clear()
  }
}
