/** Servers of the sort that packet filters look at, and their clients: scripts for Node, which namespaces start. */
import type { Namespace } from '../tools/network/network.ts'

/** What a server of DNS answers to every question for an address. */
export const DNS_ANSWER = '192.0.2.53'

/** HTTP on 80: each request is answered with its path. */
const HTTP = `
  import http from 'node:http'
  http.createServer((request, response) => response.end(request.url)).listen(80, '::', next)`

/** TLS on 443, with a key that both sides know instead of certificates: each connection is told the server's name. */
const TLS_KEY = "ciphers: 'PSK', maxVersion: 'TLSv1.2'"
const TLS = `
  import tls from 'node:tls'
  tls.createServer({ ${TLS_KEY}, pskCallback: () => Buffer.alloc(16, 1) }, (socket) => {
    socket.on('error', () => {})
    socket.end(socket.servername || 'no name')
  }).listen(443, '::', next)`

/** DNS on 53: the question comes back with one answer, which refers to its name. */
const DNS = `
  import dgram from 'node:dgram'
  const dns = dgram.createSocket('udp4', (query, { port, address }) => {
    // behind the header: the name, which ends with 0, type and class; what follows is of no interest
    const end = query.indexOf(0, 12) + 5
    const head = Buffer.from(query.subarray(0, end))
    head.writeUInt16BE(0x8180, 2)
    for (const [at, count] of [[6, 1], [8, 0], [10, 0]]) head.writeUInt16BE(count, at)
    const answer = Buffer.from('c00c00010001000000000004${DNS_ANSWER.split('.')
      .map((n) => Number(n).toString(16).padStart(2, '0'))
      .join('')}', 'hex')
    dns.send(Buffer.concat([head, answer]), port, address)
  })
  dns.bind(53, next)`

/** Accepts every connection to some ports. */
const ACCEPTING = (ports: readonly number[]) => `
  import net from 'node:net'
  for (const port of ${JSON.stringify(ports)})
    net.createServer((socket) => socket.on('error', () => {})).listen({ port, host: '::', backlog: 511 }, next)`

async function start(namespace: Namespace, script: string, servers = 1): Promise<void> {
  const counting = `let started = 0\nconst next = () => ++started === ${servers} && console.log('ready')\n${script}`
  await namespace.node(counting).said(/ready/)
}

/** Starts servers of HTTP, TLS and DNS. */
export const serveNames = (namespace: Namespace) => start(namespace, `${HTTP}${TLS}${DNS}`, 3)

export const acceptConnections = (namespace: Namespace, ...ports: number[]) =>
  start(namespace, ACCEPTING(ports), ports.length)

/** Runs a script, whose last line of output is JSON. */
async function ask<T>(namespace: Namespace, script: string): Promise<T> {
  const { out, err } = await namespace.node(script).ended
  if (out === '') throw new Error(err)
  return JSON.parse(out) as T
}

/** The answer to a request over HTTP. */
export const httpGet = (from: Namespace, address: string, host: string, path: string) =>
  ask<string>(
    from,
    `import http from 'node:http'
    http.get(${JSON.stringify({ host: address, path, headers: { host } })}, (response) => {
      let text = ''
      response.on('data', (bytes) => { text += bytes }).on('end', () => console.log(JSON.stringify(text)))
    })`,
  )

/** What servers of TLS say to clients that ask for them by these names; undefined where there was no answer. */
export async function tlsGreetings(from: Namespace, address: string, names: readonly string[]) {
  const greetings = await ask<(string | null)[]>(
    from,
    `import tls from 'node:tls'
    const greet = (servername) => new Promise((resolve) => {
      const socket = tls.connect({ host: ${JSON.stringify(address)}, port: 443, servername, ${TLS_KEY},
        pskCallback: () => ({ psk: Buffer.alloc(16, 1), identity: 'test' }), checkServerIdentity: () => undefined })
      socket.on('data', (bytes) => resolve(String(bytes)))
      socket.on('error', () => resolve(null))
      setTimeout(() => { resolve(null); socket.destroy() }, 2000).unref()
    })
    console.log(JSON.stringify(await Promise.all(${JSON.stringify(names)}.map(greet))))
    process.exit()`,
  )
  return greetings.map((greeting) => greeting ?? undefined)
}

/** Addresses for names, or the error's code, by a server of DNS. */
export const resolveNames = (from: Namespace, server: string, names: readonly string[]) =>
  ask<string[]>(
    from,
    `import { Resolver } from 'node:dns/promises'
    const resolver = new Resolver({ timeout: 2000, tries: 1 })
    resolver.setServers([${JSON.stringify(server)}])
    const find = (name) => resolver.resolve4(name).then(String, (error) => error.code)
    console.log(JSON.stringify(await Promise.all(${JSON.stringify(names)}.map(find))))`,
  )

export interface ConnectOptions {
  /** How many at the same time. */
  readonly count?: number
  /** Milliseconds for each. */
  readonly patience?: number
  readonly localAddress?: string
}

/** How many connections to a port come about. They are closed again at once. */
export const connections = (
  from: Namespace,
  host: string,
  port: number,
  { count = 1, patience = 5000, localAddress }: ConnectOptions = {},
) =>
  ask<number>(
    from,
    `import net from 'node:net'
    const connect = () => new Promise((resolve) => {
      const socket = net.connect(${JSON.stringify({ host, port, localAddress })})
      const end = (open) => { resolve(open); socket.destroy() }
      socket.on('connect', () => end(true)).on('error', () => end(false))
      setTimeout(end, ${patience}, false).unref()
    })
    const results = await Promise.all(Array.from({ length: ${count} }, connect))
    console.log(results.filter(Boolean).length)
    process.exit()`,
  )

/** Connects to a port and sends a text, which is given some time to arrive. */
export const say = (from: Namespace, host: string, port: number, text: string) =>
  ask<boolean>(
    from,
    `import net from 'node:net'
    const socket = net.connect(${JSON.stringify({ host, port })}, () => socket.write(${JSON.stringify(text)}))
    socket.on('error', () => {})
    setTimeout(() => { console.log(socket.bytesWritten > 0); process.exit() }, 500)`,
  )
