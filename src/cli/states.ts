/** Named states as the commands find them: those that a process serves, and those in the kernel. */

import type { Subsystem } from '../hook/subsystem.ts'
import { NotPermitted } from '../kernel/errors.ts'
import { KernelStates } from '../named/kernel-states.ts'
import type { CreateOptions, NamedState, NamedStates } from '../named/named-state.ts'
import { alreadyThere } from '../named/prepare.ts'
import type { Engine } from '../state/engine.ts'
import { StateError } from '../state/errors.ts'
import { servedStates } from './control-socket.ts'

/** The states of the kernel, with their pins where the user wants them. */
export function kernelStates(subsystems: readonly Subsystem[] = []): NamedStates {
  const directory = process.env.MOONRING_BPFFS ?? ''
  return new KernelStates({ subsystems, ...(directory !== '' && { bpffs: directory }) })
}

/** All kinds of states. */
function allKinds(subsystems?: readonly Subsystem[]): NamedStates[] {
  return [servedStates(), kernelStates(subsystems)]
}

/** Makes a state. @throws StateError, and what the engine throws */
export async function createState(engine: Engine, name: string, options: CreateOptions): Promise<NamedState> {
  const [same, other] =
    engine === 'kernel' ? [kernelStates(), servedStates()] : [servedStates(), kernelStates()]
  await refuseTaken(name, other)
  return same.create(name, options)
}

/** Names are those of all states: the other kind has none of this name, as far as one may see. */
async function refuseTaken(name: string, other: NamedStates): Promise<void> {
  let state: NamedState | undefined
  try {
    state = await other.open(name)
  } catch (error) {
    if (error instanceof NotPermitted) return
    throw error
  }
  if (state === undefined) return
  state.close()
  throw alreadyThere(name)
}

/**
 * Asks one kind after the other. What may not be looked at is left out, unless nothing else is found.
 * @returns the first answer that `ask` finds good
 */
async function askAll<T>(
  ask: (states: NamedStates) => Promise<T | undefined>,
  subsystems?: readonly Subsystem[],
): Promise<T | undefined> {
  let refusal: NotPermitted | undefined
  for (const states of allKinds(subsystems)) {
    try {
      const answer = await ask(states)
      if (answer !== undefined) return answer
    } catch (error) {
      if (!(error instanceof NotPermitted)) throw error
      refusal = error
    }
  }
  if (refusal) throw refusal
  return undefined
}

function unknown(name: string): StateError {
  return new StateError(
    'NO_STATE',
    `Cannot find the state '${name}': there is none of this name`,
    `see what there is: moonring list; or make it: moonring create ${name}`,
  )
}

/** @throws StateError `NO_STATE` and what opening it throws */
export async function openState(name: string, subsystems?: readonly Subsystem[]): Promise<NamedState> {
  const state = await askAll((states) => states.open(name), subsystems)
  if (state === undefined) throw unknown(name)
  return state
}

/** Opens a state, does something with it, and closes it again. */
export async function withState<T>(name: string, use: (state: NamedState) => Promise<T>): Promise<T> {
  const state = await openState(name)
  try {
    return await use(state)
  } finally {
    state.close()
  }
}

/** Descriptions of all states that may be looked at. */
export async function listStates() {
  const all = []
  let refusal: NotPermitted | undefined
  for (const states of allKinds()) {
    try {
      all.push(...(await states.list()))
    } catch (error) {
      if (!(error instanceof NotPermitted)) throw error
      refusal = error
    }
  }
  if (refusal && all.length === 0) throw refusal
  return all.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** @throws StateError `NO_STATE` */
export async function destroyState(name: string): Promise<void> {
  const done = await askAll(async (states) => ((await states.destroy(name)) ? true : undefined))
  if (done === undefined) throw unknown(name)
}
