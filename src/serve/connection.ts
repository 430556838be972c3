/** A client's connection to a server: requests, and the answers that belong to them. */
import { connect, type Socket } from 'node:net'
import { NotAvailable, NotPermitted } from '../kernel/errors.ts'
import type { Output } from '../named/named-state.ts'
import { version } from '../named/version.ts'
import { StateError } from '../state/errors.ts'
import { Lines } from './lines.ts'
import { PATIENCE, type Patience } from './patience.ts'
import {
  type Answer,
  type Greeting,
  LONGEST_LINE,
  type Method,
  type Methods,
  PROTOCOL,
  type Request,
} from './protocol.ts'
import { fromWire } from './wire-bytes.ts'
import { errorFromWire } from './wire-error.ts'

/** Requests whose answer takes as long as a script runs. */
const RUNNING: readonly Method[] = ['load', 'evaluate']

interface Pending {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly output: Output
  /** Runs out unless an answer comes. */
  readonly timer: NodeJS.Timeout | undefined
}

export interface Call<M extends Method> {
  readonly id: number
  readonly result: Promise<Methods[M]['result']>
}

export class Connection {
  readonly #socket: Socket
  readonly #pending = new Map<number, Pending>()
  #next = 1
  #failure: Error | undefined
  readonly #patience: Patience

  private constructor(socket: Socket, patience: Patience) {
    this.#socket = socket
    this.#patience = patience
    socket.unref()
    socket.on('close', () => this.#fail(ended()))
  }

  /**
   * Connects to the server of a socket; undefined if there is none.
   * @throws NotPermitted if the server refuses, NotAvailable if it can't be reached, StateError `INCOMPATIBLE`
   */
  static async open(path: string, patience: Patience = PATIENCE): Promise<Connection | undefined> {
    const socket = await reach(path)
    if (socket === undefined) return undefined
    const connection = new Connection(socket, patience)
    try {
      await connection.#greeting(path)
    } catch (error) {
      socket.destroy()
      throw error
    }
    return connection
  }

  /** Waits for the server's first line; all further ones are answers. */
  #greeting(path: string): Promise<void> {
    const socket = this.#socket.ref()
    const lines = new Lines(LONGEST_LINE)
    let isGreeted = false
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(silent(path)), this.#patience.greeting)
      const settle = (error?: Error) => {
        clearTimeout(timer)
        socket.unref()
        isGreeted = true
        error ? reject(error) : resolve()
      }
      socket.on('error', (error) => this.#fail(ended(error.message)))
      socket.on('close', () => isGreeted || settle(silent(path)))
      socket.on('data', (piece) => {
        try {
          for (const line of lines.push(piece))
            if (isGreeted) this.#answer(JSON.parse(line))
            else settle(checkGreeting(path, JSON.parse(line)))
        } catch (error) {
          this.#fail(ended(error instanceof Error ? error.message : String(error)))
          socket.destroy()
        }
      })
    })
  }

  #answer(answer: Answer): void {
    if (answer.id === null) throw 'error' in answer ? errorFromWire(answer.error) : new Error('no number')
    const pending = this.#pending.get(answer.id)
    if (pending === undefined) return
    if ('output' in answer) {
      pending.output(fromWire(answer.output))
      return
    }
    clearTimeout(pending.timer)
    this.#pending.delete(answer.id)
    if (this.#pending.size === 0) this.#socket.unref()
    if ('error' in answer) pending.reject(errorFromWire(answer.error))
    else pending.resolve(answer.result)
  }

  /**
   * Sends a request. The result is rejected with the server's error, with StateError `CLOSED` if the server has ended,
   * or with NotAvailable, as all that is under way, if the server leaves a request that runs no script without an answer.
   */
  call<M extends Method>(method: M, params: Methods[M]['params'], output: Output = () => {}): Call<M> {
    const id = this.#next++
    const request: Request<M> = { id, method, params }
    const line = `${JSON.stringify(request)}\n`
    const result = new Promise<unknown>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure)
      if (Buffer.byteLength(line) > LONGEST_LINE) return reject(tooLong())
      const timer = RUNNING.includes(method)
        ? undefined
        : setTimeout(() => this.#giveUp(), this.#patience.answer)
      this.#pending.set(id, { resolve, reject, output, timer })
      this.#socket.ref().write(line)
    })
    return { id, result: result as Promise<Methods[M]['result']> }
  }

  /** The server doesn't answer. */
  #giveUp(): void {
    const reason = `it has not answered for ${this.#patience.answer / 1000} s`
    this.#fail(
      new NotAvailable(
        `Cannot go on with the server: ${reason}`,
        'see whether it is stopped, or start it again',
      ),
    )
    this.#socket.destroy()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer)
      reject(this.#failure)
    }
    this.#pending.clear()
  }

  close(): void {
    this.#socket.end()
  }
}

/** A socket that is connected; undefined if nobody listens. */
function reach(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.off('error', fail)
      resolve(socket)
    })
    const fail = (error: NodeJS.ErrnoException) => {
      const { code = '', message } = error
      if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') resolve(undefined)
      else if (code === 'EACCES' || code === 'EPERM') reject(forbidden(path, code))
      else
        reject(new NotAvailable(`Cannot connect to the server at ${path}: ${message}`, 'see its log', code))
    }
    socket.once('error', fail)
  })
}

function forbidden(path: string, errno: string): NotPermitted {
  return new NotPermitted(
    `Cannot connect to the server at ${path}: it is not open to this user`,
    'run it with sudo, or let a group in: moonring serve --group',
    errno,
  )
}

function silent(path: string): NotAvailable {
  return new NotAvailable(
    `Cannot connect to the server at ${path}: it does not answer as moonring serve does`,
    'see what listens there',
  )
}

function ended(reason = 'it has ended'): StateError {
  return new StateError(
    'CLOSED',
    `Cannot go on with the server: ${reason}`,
    'see its log, and start it again',
  )
}

function tooLong(): StateError {
  const most = LONGEST_LINE >>> 20
  return new StateError('BAD_VALUE', `Cannot send it to the server: it has more than ${most} MiB`, 'split it')
}

/** What is wrong with a greeting. */
function checkGreeting(path: string, line: Greeting | Answer): Error | undefined {
  if ('error' in line) return errorFromWire(line.error)
  if (!('moonring' in line)) return silent(path)
  if (line.protocol === PROTOCOL) return undefined
  return new StateError(
    'INCOMPATIBLE',
    `Cannot use the server at ${path}: it is of Moonring ${line.moonring}, and this is ${version()}`,
    'start it again with this version',
  )
}
