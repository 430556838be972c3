/** A client's connection as the server has it. When it ends, what it runs is interrupted. */
import type { Socket } from 'node:net'
import type { Output } from '../named/named-state.ts'
import type { UserStates } from '../named/user-states.ts'
import { Lines } from './lines.ts'
import { fieldsOf, integer, text } from './parameters.ts'
import { PATIENCE, type Patience } from './patience.ts'
import { type Answer, type Greeting, LONGEST_LINE } from './protocol.ts'
import { handlerOf, Task } from './requests.ts'
import { toWire } from './wire-bytes.ts'
import { BadRequest, errorToWire, type WireError } from './wire-error.ts'

/** Bytes that a client may leave unread. */
const MOST_UNREAD = 64 << 20
/** Milliseconds in which clients may read what is left when the server ends. */
const LAST_MOMENT = 1000
/** Requests of a client that may be under way. */
const MOST_REQUESTS = 64
/** Bytes of output in a line. */
const OUTPUT_PIECE = 1 << 20
/** Characters that remain of the texts of an error that doesn't fit into a line. */
const ERROR_PIECE = 4096

export class Session {
  readonly #socket: Socket
  readonly #states: UserStates
  readonly #tasks = new Map<number, Task>()
  readonly #lines = new Lines(LONGEST_LINE)
  readonly #patience: number
  /** Runs out unless the line that has begun to come ends. */
  #timer: NodeJS.Timeout | undefined

  constructor(socket: Socket, states: UserStates, greeting: Greeting, { line }: Patience = PATIENCE) {
    this.#patience = line
    this.#socket = socket
    this.#states = states
    socket.on('data', (piece) => {
      try {
        const lines = this.#lines.push(piece)
        for (const line of lines) void this.#serve(line)
        this.#expectEnd(lines.length > 0)
      } catch (error) {
        this.#refuse((error as Error).message)
      }
    })
    socket.on('error', () => socket.destroy())
    socket.on('end', () => {
      // nobody is there any more who could interrupt; what has been written may be read for a while
      this.interrupt()
      this.#restart(() => socket.destroy())
    })
    socket.on('close', () => {
      clearTimeout(this.#timer)
      this.interrupt()
    })
    this.#send(greeting)
  }

  /** Waits for the end of the line that has begun to come, if one has. `isNew`: it is another one than before. */
  #expectEnd(isNew: boolean): void {
    if (!this.#lines.hasBegun) {
      clearTimeout(this.#timer)
      this.#timer = undefined
    } else if (isNew || this.#timer === undefined)
      this.#restart(() => this.#refuse(`a line has not ended ${this.#patience / 1000} s after its begin`))
  }

  #restart(step: () => void, patience = this.#patience): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(step, patience)
  }

  /** Ends the connection: there is no telling where the next line begins. */
  #refuse(reason: string): void {
    this.#send({ id: null, error: errorToWire(new BadRequest(reason)) })
    this.#socket.end()
    this.#socket.removeAllListeners('data').resume()
    this.#restart(() => this.#socket.destroy())
  }

  /** Makes all that runs for this client end with an error. */
  interrupt(): void {
    for (const task of this.#tasks.values()) {
      task.interrupt()
      task.interrupt() // scripts may catch the first one
    }
  }

  /** Ends the connection: what has been written may be read for a moment. */
  close(): void {
    this.#socket.destroySoon()
    this.#restart(() => this.#socket.destroy(), LAST_MOMENT)
  }

  async #serve(line: string): Promise<void> {
    let id: number | null = null
    try {
      const request = fieldsOf(parse(line), 'the line')
      const number = integer(request, 'id')
      if (this.#tasks.has(number)) throw new BadRequest(`number ${number} is under way`)
      id = number
      if (this.#tasks.size === MOST_REQUESTS)
        throw new BadRequest(`${MOST_REQUESTS} others are under way already`)
      const handle = handlerOf(text(request, 'method'))
      const task = new Task(this.#outputOf(number))
      this.#tasks.set(number, task)
      try {
        const params = fieldsOf(request.params, 'params')
        this.#send({ id, result: await handle(params, this.#states, task, this.#tasks) })
      } finally {
        this.#tasks.delete(number)
      }
    } catch (error) {
      this.#send({ id, error: errorToWire(error) })
    }
  }

  #outputOf(id: number): Output {
    return (bytes) => {
      for (let from = 0; from < bytes.length; from += OUTPUT_PIECE)
        this.#send({ id, output: toWire(bytes.subarray(from, from + OUTPUT_PIECE)) })
    }
  }

  #send(message: Greeting | Answer): void {
    if (!this.#socket.writable) return
    let line = JSON.stringify(message)
    if (line.length > LONGEST_LINE / 4 && 'error' in message && Buffer.byteLength(line) > LONGEST_LINE)
      line = JSON.stringify({ ...message, error: shortened(message.error) })
    this.#socket.write(`${line}\n`)
    if (this.#socket.writableLength > MOST_UNREAD) this.#socket.destroy()
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new BadRequest('it is no JSON')
  }
}

function shortened(error: WireError): WireError {
  const { code, message, traceback = '' } = error
  const first = `${message.slice(0, ERROR_PIECE)}…`
  return { code, message: first, value: first, traceback: traceback.slice(0, ERROR_PIECE) }
}
