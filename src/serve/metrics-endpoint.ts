/** Answers HTTP requests for /metrics with the figures of states as they are at that moment. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NotAvailable, NotPermitted } from '../kernel/errors.ts'
import type { StateDescription } from '../named/description.ts'
import type { NamedStates } from '../named/named-state.ts'
import { StateError } from '../state/errors.ts'

/** Milliseconds for which a connection may stand still. */
const SLOWEST = 30_000
/** Connections at a time. */
const MOST_CLIENTS = 64
/** Milliseconds for a request to come, and how often is looked. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 5000 } as const

export interface Address {
  readonly host: string
  readonly port: number
}

/**
 * HOST:PORT or PORT, which is one of this machine alone; IPv6 addresses in brackets.
 * @throws StateError `BAD_OPTION`
 */
export function parseAddress(text: string): Address {
  const { host, v6, port } =
    /^(?:(?:\[(?<v6>[^\]]+)\]|(?<host>[^:[\]]+)):)?(?<port>\d{1,5})$/.exec(text)?.groups ?? {}
  if (port !== undefined && Number(port) <= 65535)
    return { host: v6 ?? host ?? '127.0.0.1', port: Number(port) }
  throw new StateError(
    'BAD_OPTION',
    `Cannot listen at '${text}': that is no address`,
    'write e.g. 127.0.0.1:9464, [::1]:9464 or 9464',
  )
}

export class MetricsEndpoint {
  readonly #server: Server
  readonly #address: Address

  private constructor(server: Server, address: Address) {
    this.#server = server
    this.#address = address
  }

  /**
   * Listens. Kinds of states that may not be looked at are left out.
   * @throws NotAvailable, NotPermitted
   */
  static async start(address: Address, kinds: readonly NamedStates[]): Promise<MetricsEndpoint> {
    const server = createServer(LIMITS, (request, response) => {
      answer(kinds, request, response).catch((error: unknown) => {
        response.writeHead(500, { 'content-type': 'text/plain' })
        response.end(`${error instanceof Error ? error.message : String(error)}\n`)
      })
    })
    server.setTimeout(SLOWEST)
    server.maxConnections = MOST_CLIENTS
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(problem(address, error)))
      server.listen(address.port, address.host, resolve)
    })
    const { port } = server.address() as AddressInfo
    return new MetricsEndpoint(server, { ...address, port })
  }

  get url(): string {
    const { host, port } = this.#address
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}/metrics`
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }
}

async function answer(
  kinds: readonly NamedStates[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url?.split('?')[0] !== '/metrics') {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('see /metrics\n')
    return
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
    return
  }
  const { openMetrics } = await import('./metrics.ts')
  const { type, text } = await openMetrics(await describeAll(kinds))
  response.writeHead(200, { 'content-type': type }).end(text)
}

async function describeAll(kinds: readonly NamedStates[]): Promise<StateDescription[]> {
  const all: StateDescription[] = []
  for (const states of kinds) {
    try {
      all.push(...(await states.list()))
    } catch (error) {
      if (!(error instanceof NotPermitted || error instanceof NotAvailable)) throw error
    }
  }
  return all
}

function problem({ host, port }: Address, { code = '', message }: NodeJS.ErrnoException): Error {
  const action = `Cannot listen at ${host}:${port}`
  if (code === 'EACCES')
    return new NotPermitted(`${action}: permission denied`, 'name a port from 1024 on', code)
  const reason = code === 'EADDRINUSE' ? 'somebody else does' : message
  return new NotAvailable(`${action}: ${reason}`, 'name another address: --metrics', code)
}
