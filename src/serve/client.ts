/** The named states of a server, over its control socket. */
import { NotAvailable } from '../kernel/errors.ts'
import type { StateDescription } from '../named/description.ts'
import type { Field } from '../named/fields.ts'
import type { LogPart } from '../named/log-reader.ts'
import type {
  AttachOptions,
  CreateOptions,
  NamedState,
  NamedStates,
  Output,
  Script,
} from '../named/named-state.ts'
import { StateError } from '../state/errors.ts'
import { type Call, Connection } from './connection.ts'
import { PATIENCE, type Patience } from './patience.ts'
import type { Method, Methods, WireScript } from './protocol.ts'
import { toWire } from './wire-bytes.ts'

export class ServedStates implements NamedStates {
  readonly #path: string
  readonly #patience: Patience

  /** Of the server that listens at a socket, if there is one. */
  constructor(path: string, patience: Patience = PATIENCE) {
    this.#path = path
    this.#patience = patience
  }

  /** @throws NotAvailable without a server, NotPermitted, and what the server answers */
  async create(name: string, options: CreateOptions = {}): Promise<ServedState> {
    const connection = await Connection.open(this.#path, this.#patience)
    if (connection === undefined)
      throw new NotAvailable(
        `Cannot create the state '${name}': nobody serves states at ${this.#path}`,
        'start it with: moonring serve',
      )
    return using(connection, name, connection.call('create', { name, options }))
  }

  async open(name: string): Promise<ServedState | undefined> {
    const connection = await Connection.open(this.#path, this.#patience)
    if (connection === undefined) return undefined
    try {
      return await using(connection, name, connection.call('describe', { name }))
    } catch (error) {
      if (error instanceof StateError && error.code === 'NO_STATE') return undefined
      throw error
    }
  }

  async list(): Promise<StateDescription[]> {
    return [...((await this.#ask('list', {})) ?? [])]
  }

  async destroy(name: string): Promise<boolean> {
    return (await this.#ask('destroy', { name })) ?? false
  }

  /** The answer to one request; undefined without a server. */
  async #ask<M extends Method>(
    method: M,
    params: Methods[M]['params'],
  ): Promise<Methods[M]['result'] | undefined> {
    const connection = await Connection.open(this.#path, this.#patience)
    try {
      return await connection?.call(method, params).result
    } finally {
      connection?.close()
    }
  }
}

/** A state that keeps the connection, once a first request has been answered. */
async function using(connection: Connection, name: string, first: Call<Method>): Promise<ServedState> {
  try {
    await first.result
    return new ServedState(connection, name)
  } catch (error) {
    connection.close()
    throw error
  }
}

class ServedState implements NamedState {
  readonly name: string
  readonly engine = 'user'
  readonly #connection: Connection
  /** Requests that run scripts. */
  readonly #running = new Set<number>()

  constructor(connection: Connection, name: string) {
    this.#connection = connection
    this.name = name
  }

  async load(script: Script, output: Output): Promise<void> {
    await this.#run('load', script, output)
  }

  /** `each` means nothing here: a state in user space has one memory. */
  async evaluate(script: Script, output: Output): Promise<void> {
    await this.#run('evaluate', script, output)
  }

  async #run(method: 'load' | 'evaluate', { name, text }: Script, output: Output): Promise<void> {
    const script: WireScript = { name, text: toWire(text) }
    const { id, result } = this.#connection.call(method, { name: this.name, script }, output)
    this.#running.add(id)
    try {
      await result
    } finally {
      this.#running.delete(id)
    }
  }

  interrupt(): void {
    // the request itself tells what becomes of it
    for (const request of this.#running)
      this.#connection.call('interrupt', { request }).result.catch(() => {})
  }

  async fields(path: string): Promise<Field[]> {
    return [...(await this.#connection.call('fields', { name: this.name, path }).result)]
  }

  async attach(hook: string, options: AttachOptions = {}): Promise<void> {
    await this.#connection.call('attach', { name: this.name, hook, options }).result
  }

  async detach(hook?: string): Promise<number> {
    const params = { name: this.name, ...(hook !== undefined && { hook }) }
    return this.#connection.call('detach', params).result
  }

  async describe(): Promise<StateDescription> {
    return this.#connection.call('describe', { name: this.name }).result
  }

  async log(after = 0): Promise<LogPart> {
    return this.#connection.call('log', { name: this.name, after }).result
  }

  async destroy(): Promise<void> {
    await this.#connection.call('destroy', { name: this.name }).result
    this.close()
  }

  close(): void {
    this.#connection.close()
  }
}
