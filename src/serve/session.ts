/** A client's connection as the server has it. When it ends, what it runs is interrupted. */
import type { Socket } from 'node:net'
import type { Output } from '../named/named-state.ts'
import type { UserStates } from '../named/user-states.ts'
import { Lines } from './lines.ts'
import { fieldsOf, integer, text } from './parameters.ts'
import { type Answer, type Greeting, LONGEST_LINE } from './protocol.ts'
import { handlerOf, Task } from './requests.ts'
import { toWire } from './wire-bytes.ts'
import { BadRequest, errorToWire, type WireError } from './wire-error.ts'

/** Bytes that a client may leave unread. */
const MOST_UNREAD = 64 << 20
/** Bytes of output in a line. */
const OUTPUT_PIECE = 1 << 20
/** Characters that remain of the texts of an error that doesn't fit into a line. */
const ERROR_PIECE = 4096

export class Session {
  readonly #socket: Socket
  readonly #states: UserStates
  readonly #tasks = new Map<number, Task>()

  constructor(socket: Socket, states: UserStates, greeting: Greeting) {
    this.#socket = socket
    this.#states = states
    const lines = new Lines(LONGEST_LINE)
    socket.on('data', (piece) => {
      try {
        for (const line of lines.push(piece)) void this.#serve(line)
      } catch (error) {
        // there is no telling where the next line begins
        this.#send({ id: null, error: errorToWire(new BadRequest((error as Error).message)) })
        socket.end()
        socket.removeAllListeners('data').resume()
      }
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.interrupt())
    this.#send(greeting)
  }

  /** Makes all that runs for this client end with an error. */
  interrupt(): void {
    for (const task of this.#tasks.values()) task.interrupt()
  }

  close(): void {
    this.#socket.destroySoon()
  }

  async #serve(line: string): Promise<void> {
    let id: number | null = null
    try {
      const request = fieldsOf(parse(line), 'the line')
      const number = integer(request, 'id')
      if (this.#tasks.has(number)) throw new BadRequest(`number ${number} is under way`)
      id = number
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
