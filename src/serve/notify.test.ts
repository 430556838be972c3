import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { program } from '../../test/command.fixture.ts'
import { testUnless } from '../../test/needs.fixture.ts'
import { Service } from '../../tools/network/service.ts'
import { AF } from '../ffi/system-calls.ts'
import { RecordedCalls } from '../kernel/recorded-calls.fixture.ts'
import { systemCalls } from '../kernel/system.ts'
import { notifyManager } from './notify.ts'

const folder = mkdtempSync(join(tmpdir(), 'moonring-'))
afterAll(() => rmSync(folder, { recursive: true }))
const withoutPython = spawnSync('python3', ['--version']).status !== 0 && 'python3 is not installed'

/** Prints a line when it listens, then the first datagram. */
const RECEIVER = `
import socket, sys
name = sys.argv[1]
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind('\\0' + name[1:] if name[0] == '@' else name)
print('ready', flush=True)
s.settimeout(20)
print(s.recv(4096).decode())
`

for (const [what, name] of [
  ['a path', join(folder, 'é.sock')],
  ['an abstract name', `@moonring-${process.pid}`],
] as const)
  testUnless(withoutPython)(`a message arrives at ${what}`, async () => {
    const receiver = new Service(spawn('python3', ['-c', RECEIVER, name]))
    await receiver.said(/ready/)
    await notifyManager(systemCalls(), name, 'READY=1\nSTATUS=serving')
    expect((await receiver.ended).out).toBe('ready\nREADY=1\nSTATUS=serving\n')
  })

testUnless(withoutPython)('moonring serve says when it is ready', async () => {
  const name = join(folder, 'manager.sock')
  const receiver = new Service(spawn('python3', ['-c', RECEIVER, name]))
  await receiver.said(/ready/)
  const socket = join(folder, 'control.sock')
  const env = { ...process.env, NOTIFY_SOCKET: name }
  const server = spawn(program, ['serve', '--socket', socket], { env, stdio: 'ignore' })
  try {
    const { out } = await receiver.ended
    expect(out).toBe(`ready\nREADY=1\nSTATUS=serving states at ${socket}\n`)
    // it answers by then
    const { status } = spawnSync(program, ['create', 'a'], {
      env: { ...process.env, MOONRING_SOCKET: socket },
    })
    expect(status).toBe(0)
  } finally {
    server.kill()
    await once(server, 'close')
  }
})

test('addresses that are none, or that nobody has', async () => {
  for (const name of ['', '/', 'relative', 'vsock:2:1', `/${'x'.repeat(200)}`])
    await expect(notifyManager(systemCalls(), name, 'READY=1')).rejects.toThrow(`Cannot notify '${name}'`)
  const nowhere = join(folder, 'none.sock')
  await expect(notifyManager(systemCalls(), nowhere, 'READY=1')).rejects.toThrow(/Cannot notify .*ENOENT/)
})

test('a manager without room is asked again, and the socket is closed whatever happens', async () => {
  let attempts = 0
  class Full extends RecordedCalls {
    override sendTo(): number {
      return ++attempts < 3 ? -11 : attempts < 4 ? 7 : -32
    }
  }
  const system = new Full()
  await notifyManager(system, '/run/notify', 'READY=1')
  expect([attempts, system.open.size]).toEqual([3, 0])
  attempts = 4
  await expect(notifyManager(system, '/run/notify', 'READY=1')).rejects.toThrow(/EPIPE/)
  expect(system.open.size).toBe(0)
  expect(AF).toEqual({ UNIX: 1, INET: 2 })
})
