/** A frequency governor in a state of `moonring serve`, over files that stand in for sysfs and outlive the server. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { LinuxMachine } from '../src/cpufreq/linux-machine.ts'
import { cpufreqSubsystem } from '../src/cpufreq/subsystem.ts'
import { SysfsTree } from '../src/cpufreq/sysfs-tree.fixture.ts'
import { ServedStates } from '../src/serve/client.ts'
import { Server } from '../src/serve/server.ts'
import { program, root, ScratchFolder } from './command.fixture.ts'
import { testUnless } from './needs.fixture.ts'
import { readPolicies, writeWhole } from './served-processors.fixture.ts'

const TIMEOUT = 60_000
const folder = new ScratchFolder()
const socket = join(folder.path, 'control.sock')
const states = new ServedStates(socket)
const throttle = join(root, 'examples/throttle.lua')
const tree = join(root, 'dist/test/served-processors.fixture.js')

const run = (...args: string[]) => folder.run(args)
const setLoad = (percent: number) => writeWhole(join(folder.path, 'load'), String(percent))
const frequencies = () => readPolicies(folder.path).map(({ current }) => current)
const governors = () => readPolicies(folder.path).map(({ governor }) => governor)
const own = async () => (await (await states.open('cool'))!.describe()).hooks[0]!.own!

async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await delay(5)
}

/** Servers that no test has ended yet. */
const running = new Set<ChildProcess>()

/** Starts a server, which listens once this is done. */
async function start(...args: string[]): Promise<ChildProcess> {
  const server = spawn(program, ['serve', '--socket', socket, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  for await (const text of server.stderr.iterator({ destroyOnReturn: false }))
    if (String(text).includes('serving states')) break
  running.add(server.once('exit', () => running.delete(server)))
  return server
}

/** Ends a server. Its exit code. */
async function stop(server: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(server, 'exit')
  server.kill(signal)
  return (await ended)[0]
}

/** Makes a state that governs, and leaves all as it is. */
async function govern(): Promise<void> {
  const state = await states.create('cool')
  await state.load({ name: 'throttle.lua', text: 'function throttle() end' }, () => {})
  await state.attach('cpufreq', { target: '5ms' })
  state.close()
}

beforeAll(() => {
  vi.stubEnv('MOONRING_SOCKET', socket)
  vi.stubEnv('MOONRING_BPFFS', join(folder.path, 'bpffs'))
  vi.stubEnv('MOONRING_TEST_PROCESSORS', folder.path)
  setLoad(0)
})

afterEach(async () => {
  for (const server of running) await stop(server, 'SIGTERM')
})

afterAll(() => {
  vi.unstubAllEnvs()
  folder.remove()
})

test(
  'a governor is attached, changed while it governs, looked at, and detached',
  async () => {
    const server = await start('--subsystem', tree)
    setLoad(90)
    expect(run('create', 'cool')).toEqual({ exit: 0, out: '', err: '' })
    expect(run('load', 'cool', throttle)).toEqual({ exit: 0, out: '', err: '' })
    expect(run('attach', 'cool', 'cpufreq', '--target', '5ms')).toEqual({ exit: 0, out: '', err: '' })
    expect(governors()).toEqual(['userspace', 'userspace'])
    await eventually(() => frequencies().every((frequency) => frequency === 3_000_000))

    // what the built-in rule makes of this load, while an eval has the state, is the lowest frequency
    setLoad(0)
    await eventually(() => frequencies().every((frequency) => frequency === 800_000))
    expect(run('eval', 'cool', 'up = 95 return up').out).toBe('95\n')
    expect(run('eval', 'cool', 'function get_load(n) return n == 1 and 96 or 90 end').exit).toBe(0)
    await eventually(() => frequencies()[1] === 3_000_000)
    expect(frequencies()[0]).toBe(800_000)
    expect(run('eval', 'cool', 'up = 85').exit).toBe(0)
    await eventually(() => frequencies()[0] === 3_000_000)

    const shown = JSON.parse(run('show', 'cool', '--json').out)
    expect(shown.libraries).toEqual(expect.arrayContaining(['cpufreq', 'acpi', 'cpu']))
    expect(shown.hooks).toMatchObject([
      { name: 'cpufreq', target: '5ms', function: 'throttle', default: 'ondemand', errors: 0 },
    ])
    expect(shown.hooks[0].own).toEqual({
      policies: 'policy0 policy1',
      period: 5,
      fallbacks: expect.any(Number),
      refused: 0,
      skipped: expect.any(Number),
    })
    expect(run('show', 'cool').out).toMatch(/^cpufreq +policies policy0 policy1, period 5, fallbacks \d+, /m)

    expect(run('detach', 'cool').exit).toBe(0)
    expect(governors()).toEqual(['schedutil', 'schedutil'])
    expect(existsSync(join(folder.path, 'taken.json'))).toBe(false)
    expect(run('destroy', 'cool').exit).toBe(0)
    expect(await stop(server, 'SIGTERM')).toBe(0)
  },
  TIMEOUT,
)

test(
  'a script that fails leaves the period to the built-in rule',
  async () => {
    const server = await start('--subsystem', tree)
    await govern()
    setLoad(0)
    const state = (await states.open('cool'))!
    await state.evaluate({ name: 'line', text: 'function throttle() error("boo") end' }, () => {})
    await eventually(() => frequencies().every((frequency) => frequency === 800_000))
    setLoad(100)
    await eventually(() => frequencies().every((frequency) => frequency === 3_000_000))
    expect((await own()).fallbacks).toBeGreaterThan(0)
    expect((await state.log()).records[0]?.text).toContain('boo')
    await state.destroy()
    expect(governors()).toEqual(['schedutil', 'schedutil'])
    await stop(server, 'SIGTERM')
  },
  TIMEOUT,
)

test(
  'the policies are given back at SIGTERM, and after SIGKILL at the next start',
  async () => {
    const first = await start('--subsystem', tree)
    await govern()
    expect(governors()).toEqual(['userspace', 'userspace'])
    expect(await stop(first, 'SIGTERM')).toBe(0)
    expect(governors()).toEqual(['schedutil', 'schedutil'])

    const second = await start('--subsystem', tree)
    await govern()
    await stop(second, 'SIGKILL')
    expect(governors()).toEqual(['userspace', 'userspace'])
    const third = await start('--subsystem', tree)
    expect(governors()).toEqual(['schedutil', 'schedutil'])
    expect(existsSync(join(folder.path, 'taken.json'))).toBe(false)
    await govern()
    expect(await stop(third, 'SIGTERM')).toBe(0)
    expect(governors()).toEqual(['schedutil', 'schedutil'])
  },
  TIMEOUT,
)

describe('what can go wrong', () => {
  /** A server in this process, over a tree of its own, with a state. */
  async function scene(sysfs: SysfsTree) {
    const stateFile = join(folder.path, 'own.json')
    const subsystems = [cpufreqSubsystem(new LinuxMachine(sysfs), { stateFile, pid: 42 })]
    const server = await Server.start({ socket, pid: process.pid, subsystems })
    const [state, other] = [await states.create('cool'), await states.create('other')]
    const close = async () => {
      for (const use of [state, other]) use.close()
      await server.close()
    }
    return { state, other, close }
  }

  test('no policy, then one; a second governor; a kernel that takes nothing back', async () => {
    const sysfs = new SysfsTree([])
    const { state, other, close } = await scene(sysfs)
    await expect(state.attach('cpufreq')).rejects.toMatchObject({
      name: 'NotAvailable',
      hint: expect.stringContaining('simulate'),
    })
    expect((await state.describe()).hooks).toEqual([])

    sysfs.policies.push(...new SysfsTree([[0]]).policies)
    sysfs.ticks.push({ busy: 0, idle: 0 })
    await state.attach('cpufreq', { later: true })
    await expect(other.attach('cpufreq', { later: true })).rejects.toMatchObject({
      message: expect.stringContaining('process 42 has'),
    })
    expect(sysfs.policies[0]!.governor).toBe('userspace')

    sysfs.refuses = 'EIO'
    await expect(state.detach()).rejects.toThrow('Cannot give back policy0 to schedutil: EIO')
    expect((await state.describe()).hooks).toEqual([])
    await close()
  })

  testUnless(existsSync('/sys/devices/system/cpu/cpufreq/policy0') && 'this machine has cpufreq')(
    'a machine without cpufreq: exit 4, what is missing, and the simulator',
    async () => {
      const server = await start()
      run('create', 'cool')
      const { exit, err } = run('attach', 'cool', 'cpufreq')
      expect(exit).toBe(4)
      expect(err).toMatch(/this machine has no cpufreq policy\n.*moonring simulate cpufreq/)
      await stop(server, 'SIGTERM')
    },
    TIMEOUT,
  )
})
