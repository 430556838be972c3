/** Nobody keeps a server waiting, nor a client, for longer than they are ready to wait. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { version } from '../named/version.ts'
import { ServedStates } from './client.ts'
import { PATIENCE } from './patience.ts'
import { PROTOCOL } from './protocol.ts'
import { Server } from './server.ts'

const SHORT = { line: 40, greeting: 40, answer: 40 }
const folder = mkdtempSync(join(tmpdir(), 'moonring-patience-'))
const path = join(folder, 'control.sock')
afterAll(() => rmSync(folder, { recursive: true }))

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

/** Connects, and is greeted. */
async function greeted(): Promise<Socket> {
  const socket = connect(path)
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'data')
  return socket
}

const line = (message: object) => `${JSON.stringify(message)}\n`
const evaluate = (id: number, text: string) =>
  line({ id, method: 'evaluate', params: { name: 'a', script: { name: 'x', text } } })

/** All that comes until the connection ends. */
async function rest(socket: Socket): Promise<string> {
  let text = ''
  for await (const piece of socket) text += piece
  return text
}

describe('a server does not wait for a client', () => {
  let server: Server
  const states = new ServedStates(path)

  beforeEach(async () => {
    server = await Server.start({ socket: path, pid: process.pid, patience: SHORT })
    await server.states.create('a')
    return () => server.close()
  })

  /** The state may be used: nobody else does. */
  async function expectFree(): Promise<void> {
    const state = await states.open('a')
    await state?.evaluate({ name: 'x', text: 'n = 1' }, () => {})
    state?.close()
  }

  test('that sends half a line', async () => {
    const client = await greeted()
    client.write('{"id": 1, "meth')
    expect(await rest(client)).toMatch(/"BAD_REQUEST".*a line has not ended 0.04 s after its begin/)
    await expectFree()
  })

  test('that sends a line byte by byte', async () => {
    const client = await greeted()
    const text = rest(client)
    const timer = setInterval(() => client.write('x'), 5)
    expect(await text).toMatch(/a line has not ended/)
    clearInterval(timer)
  })

  test('that is silent between lines, or sends them in pieces: it may', async () => {
    const client = await greeted()
    await delay(SHORT.line * 2)
    client.write('{"id": 1, "method": ')
    await delay(1)
    client.write('"list", "params": {}}\n')
    expect(String((await once(client, 'data'))[0])).toMatch(/"id":1,"result":\[/)
    await delay(SHORT.line * 2)
    client.write(line({ id: 2, method: 'list', params: {} }))
    expect(String((await once(client, 'data'))[0])).toMatch(/"id":2,"result":\[/)
  })

  test('that has closed its side and reads nothing: what it runs is interrupted', async () => {
    const client = await greeted()
    client.pause()
    client.write(evaluate(1, `local s = ('x'):rep(100000) for i = 1, 20 do print(s) end while true do end`))
    await delay(100)
    client.end()
    await expectFree()
    await once(client.resume(), 'close')
  })

  test('that reads nothing while its script prints without end', async () => {
    const client = await greeted()
    client.pause()
    client.write(evaluate(1, `local s = ('x'):rep(100000) while true do print(s) end`))
    await expectFree()
    await once(client.resume(), 'close')
  }, 60_000)

  test('that asks for much at once', async () => {
    const client = await greeted()
    const requests = Array.from({ length: 80 }, (_, i) => evaluate(i, 'while true do end'))
    client.write(requests.join(''))
    const [text] = await once(client, 'data')
    expect(String(text)).toMatch(/"id":\d+,"error":.*64 others are under way already/)
    client.destroy()
    await expectFree()
  })

  test('if there are many already, and says so', async () => {
    for (let i = 0; i < 256; i++) await greeted()
    await expect(states.list()).rejects.toThrow(/Cannot let another client in: the server has 256 already/)
    for (const socket of sockets.splice(0)) socket.destroy()
    while (
      await states.list().then(
        () => false,
        () => true,
      )
    )
      await delay(5)
  }, 30_000)

  test('when it ends', async () => {
    const client = await greeted()
    client.pause()
    client.write(evaluate(1, `local s = ('x'):rep(100000) for i = 1, 20 do print(s) end`))
    await expectFree()
    await server.close()
    await once(client.resume(), 'close')
  })
})

describe('a client does not wait for a server', () => {
  const impatient = new ServedStates(path, SHORT)

  /** A server that says something to everybody, perhaps an answer to what comes first, and nothing more. */
  async function withServer(greeting: string, use: () => Promise<void>, answer = ''): Promise<void> {
    const server = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => {})
      if (greeting !== '') socket.write(greeting)
      socket.once('data', () => socket.write(answer))
    })
    await new Promise<void>((resolve) => server.listen(path, resolve))
    try {
      await use()
    } finally {
      for (const socket of sockets.splice(0)) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  }

  const greeting = line({ moonring: version(), protocol: PROTOCOL, pid: 1 })

  test('that does not greet', () =>
    withServer('', () => expect(impatient.list()).rejects.toThrow(/does not answer as moonring serve does/)))

  test('that greets in half a line', () =>
    withServer(greeting.slice(0, 9), () => expect(impatient.list()).rejects.toThrow(/does not answer as/)))

  test('that does not answer', () =>
    withServer(greeting, async () => {
      await expect(impatient.list()).rejects.toThrow(/server: it has not answered for 0.04 s/)
      await expect(impatient.open('a')).rejects.toThrow(/has not answered/)
    }))

  test('that does not answer when a script is interrupted', () =>
    withServer(
      greeting,
      async () => {
        const state = await impatient.open('a')
        const running = state?.evaluate({ name: 'x', text: 'while true do end' }, () => {})
        running?.catch(() => {})
        await delay(SHORT.answer * 2)
        state?.interrupt()
        await expect(running).rejects.toThrow(/has not answered/)
      },
      line({ id: 1, result: {} }),
    ))

  test('for longer than some seconds', () => {
    for (const time of Object.values(PATIENCE)) expect(time).toBeLessThanOrEqual(30_000)
  })
})
