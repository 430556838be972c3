/** Serves named states of this process to others, over a control socket, until it is closed. */
import { createServer, type Server as Listener, type Socket } from 'node:net'
import type { Report, Subsystem } from '../hook/subsystem.ts'
import { ownUser } from '../host/trusted-folder.ts'
import { NotAvailable, NotPermitted } from '../kernel/errors.ts'
import { UserStates } from '../named/user-states.ts'
import { version } from '../named/version.ts'
import { SUBSYSTEMS } from '../subsystems/find.ts'
import { listen } from './listen.ts'
import { PATIENCE, type Patience } from './patience.ts'
import { type Allowed, mayUse, type Peer, peerOf } from './peer.ts'
import { type Answer, type Greeting, PROTOCOL } from './protocol.ts'
import { Session } from './session.ts'
import { errorToWire } from './wire-error.ts'

export interface ServerOptions {
  /** Where it listens. */
  readonly socket: string
  /** The number of a group whose members may connect besides root and the server's own user. */
  readonly group?: number | undefined
  /** The process that serves, as clients are told. */
  readonly pid: number
  /** Subsystems besides those that come with Moonring. */
  readonly subsystems?: readonly Subsystem[]
  /** Gets what goes wrong where nobody waits for an answer. */
  readonly report?: Report
  /** How long it waits for clients; default: PATIENCE. */
  readonly patience?: Patience
}

/** Clients at a time. */
const MOST_CLIENTS = 256

export class Server {
  readonly states: UserStates
  readonly #listener: Listener
  readonly #sessions = new Set<Session>()
  #removeSocket = () => {}
  readonly #patience: Patience

  private constructor(options: ServerOptions) {
    const { subsystems = [], report = () => {}, pid, group, patience = PATIENCE } = options
    this.#patience = patience
    this.states = new UserStates({ subsystems, report })
    const greeting: Greeting = { moonring: version(), protocol: PROTOCOL, pid }
    const allowed: Allowed = { uid: ownUser(), gid: group }
    this.#listener = createServer((socket) => {
      const refusal = refusalOf(socket, allowed) ?? this.#noRoom()
      if (refusal === undefined) this.#begin(socket, greeting)
      else {
        report(refusal.message)
        refuse(socket, refusal)
      }
    })
  }

  /** @throws StateError `EXISTS` or `BAD_OPTION`, NotPermitted, NotAvailable */
  static async start(options: ServerOptions): Promise<Server> {
    const server = new Server(options)
    server.#removeSocket = await listen(server.#listener, options.socket, options.group)
    recover([...(options.subsystems ?? []), ...SUBSYSTEMS], options.report)
    return server
  }

  #noRoom(): Error | undefined {
    if (this.#sessions.size < MOST_CLIENTS) return undefined
    return new NotAvailable(
      `Cannot let another client in: the server has ${MOST_CLIENTS} already`,
      'end some of them: interactive sessions, log -f, top',
    )
  }

  #begin(socket: Socket, greeting: Greeting): void {
    const session = new Session(socket, this.states, greeting, this.#patience)
    this.#sessions.add(session)
    socket.on('close', () => this.#sessions.delete(session))
  }

  /** Lets nobody in any more, detaches and ends all states with their finalizers, and removes the socket. */
  async close(): Promise<void> {
    this.#removeSocket()
    const closed = new Promise((resolve) => this.#listener.close(resolve))
    for (const session of this.#sessions) session.interrupt()
    await this.states.close()
    for (const session of this.#sessions) session.close()
    await closed
  }
}

/** Puts in order what servers have left that were killed. */
function recover(subsystems: readonly Subsystem[], report: Report = () => {}): void {
  for (const subsystem of subsystems) {
    try {
      for (const problem of subsystem.recover?.() ?? []) report(problem)
    } catch (error) {
      report(error instanceof Error ? error.message : String(error))
    }
  }
}

/** Why a client may not use the server. */
function refusalOf(socket: Socket, allowed: Allowed): Error | undefined {
  let peer: Peer
  try {
    peer = peerOf(socket)
  } catch (error) {
    return error as Error
  }
  if (mayUse(peer, allowed)) return undefined
  return new NotPermitted(
    `Cannot let process ${peer.pid} of user ${peer.uid} in: only root, the server's own user, and members of its group may use it`,
    allowed.gid === undefined
      ? 'run it with sudo, or start the server with --group'
      : `run it with sudo, or become a member of the group ${allowed.gid}`,
  )
}

function refuse(socket: Socket, refusal: Error): void {
  const answer: Answer = { id: null, error: errorToWire(refusal) }
  socket.on('error', () => socket.destroy())
  socket.write(`${JSON.stringify(answer)}\n`)
  socket.destroySoon()
}
