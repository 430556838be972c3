/** What each request does. */
import type { NamedStates, Output } from '../named/named-state.ts'
import type { UserState } from '../named/user-state.ts'
import type { UserStates } from '../named/user-states.ts'
import { LuaError, StateError } from '../state/errors.ts'
import {
  attachOptions,
  createOptions,
  type Fields,
  integer,
  optionalText,
  script,
  text,
} from './parameters.ts'
import type { Method, Methods } from './protocol.ts'
import { BadRequest } from './wire-error.ts'

/** A request under way. */
export class Task {
  readonly output: Output
  #state: UserState | undefined
  #isInterrupted = false

  constructor(output: Output) {
    this.output = output
  }

  /** Makes what runs, or is to run, end with an error. */
  interrupt(): void {
    this.#isInterrupted = true
    this.#state?.interrupt()
  }

  /** @throws StateError `NO_STATE`, and LuaError if it has been interrupted before */
  async open(states: UserStates, name: string): Promise<UserState> {
    const state = await states.open(name)
    if (state === undefined)
      throw new StateError(
        'NO_STATE',
        `Cannot find the state '${name}': there is none of this name`,
        'see what there is: moonring list',
      )
    if (this.#isInterrupted) throw new LuaError('interrupted!', 'interrupted!', '')
    this.#state = state
    return state
  }
}

/** The tasks of a connection, by the numbers of their requests. */
export type Tasks = ReadonlyMap<number, Task>

type Handler<M extends Method> = (
  params: Fields,
  states: UserStates,
  task: Task,
  tasks: Tasks,
) => Promise<Methods[M]['result']>

const HANDLERS: { readonly [M in Method]: Handler<M> } = {
  create: async (params, states) => {
    await states.create(text(params, 'name'), createOptions(params.options))
    return null
  },
  describe: async (params, states, task) => (await task.open(states, text(params, 'name'))).describe(),
  list: (_, states: NamedStates) => states.list(),
  load: async (params, states, task) => {
    const state = await task.open(states, text(params, 'name'))
    await state.load(script(params.script), task.output)
    return null
  },
  evaluate: async (params, states, task) => {
    const state = await task.open(states, text(params, 'name'))
    await state.evaluate(script(params.script), task.output)
    return null
  },
  fields: async (params, states, task) =>
    (await task.open(states, text(params, 'name'))).fields(text(params, 'path')),
  attach: async (params, states, task) => {
    const state = await task.open(states, text(params, 'name'))
    await state.attach(text(params, 'hook'), attachOptions(params.options))
    return null
  },
  detach: async (params, states, task) =>
    (await task.open(states, text(params, 'name'))).detach(optionalText(params, 'hook')),
  log: async (params, states, task) =>
    (await task.open(states, text(params, 'name'))).log(integer(params, 'after')),
  destroy: (params, states) => states.destroy(text(params, 'name')),
  interrupt: async (params, _, __, tasks) => {
    tasks.get(integer(params, 'request'))?.interrupt()
    return null
  },
}

/** @throws BadRequest */
export function handlerOf(method: string): Handler<Method> {
  if (Object.hasOwn(HANDLERS, method)) return HANDLERS[method as Method] as Handler<Method>
  throw new BadRequest(`there is no method '${method.slice(0, 40)}'`)
}
