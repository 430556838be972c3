/** The lock of a state in the kernel, between processes and hooks: waiting, giving up, and holders that have died. */
import { expect, test } from 'vitest'
import { CONTROL, CONTROL_STATUS, MEMORY } from '../src/isa/layout.ts'
import { startChild } from '../src/kernel/child-process.fixture.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import type { KernelState } from '../src/named/kernel-state.ts'
import { internalsOf, type State } from '../src/state/state.ts'
import { Service } from '../tools/network/service.ts'
import { COUNTING, NamedStatesFixture } from './named-states.fixture.ts'

const TIMEOUT = 120_000
const quiet = () => {}

describeInKernel('the lock of a state in the kernel', () => {
  const fixture = new NamedStatesFixture()

  /** Does something with an attached state that this process has open; it is destroyed afterwards. */
  async function withState(use: (state: KernelState) => Promise<void>): Promise<void> {
    const state = await fixture.states.create('locked', { memory: 65536 })
    try {
      await state.load({ name: 'count.lua', text: COUNTING }, quiet)
      await state.attach('cgroup/sysctl', { target: fixture.cgroup, default: 'deny' })
      await use(state)
    } finally {
      await state.destroy()
    }
  }

  const first = ({ states: [state] }: KernelState) => state as State
  const holder = (state: KernelState) => {
    const { memory } = internalsOf(first(state))
    return memory.count(memory.word(MEMORY.CONTROL) + CONTROL.LOCK)
  }
  const contended = async (state: KernelState) => (await state.describe()).hooks[0]?.fallbacks.contended

  /** A process that has the state locked, and says so; in the middle of a call of the script with `code`. */
  async function startHolder(code = ''): Promise<Service> {
    const child = startChild(`
      import { KernelStates } from '../named/kernel-states.ts'
      const state = await new KernelStates({ bpffs: ${JSON.stringify(fixture.bpffs)} }).open('locked')
      await state.states[0].withLock(async () => {
        console.log('locked')
        if (${JSON.stringify(code)}) await state.states[0].load(${JSON.stringify(code)})
        await new Promise((done) => setTimeout(done, 1e6))
      })`)
    const running = new Service(child)
    await expect.poll(() => running.out, { timeout: 30_000 }).toBe('locked\n')
    expect(running.err).toBe('')
    return running
  }

  test(
    'hooks of a state that a process holds take the default verdict; other processes wait, and are told who it is',
    () =>
      withState(async (state) => {
        const other = await startHolder()
        expect([fixture.read(), fixture.read()]).toEqual(['', ''])
        expect(await contended(state)).toBe(2)
        const refused = fixture.run('eval', 'locked', 'n')
        expect(refused.err).toBe(
          `moonring: error[M030]: Cannot use the state: process ${other.child.pid} has been using it for 2 s\n`,
        )
        expect(refused.exit).toBe(1)
        // what only looks doesn't wait
        expect(JSON.parse(fixture.done('show', 'locked', '--json'))).toMatchObject({
          status: 'ready',
          recovered: 0,
        })
        expect(fixture.run('destroy', 'locked').exit).toBe(1)
        expect(await state.describe()).toMatchObject({ status: 'ready', hooks: [{ name: 'cgroup/sysctl' }] })
        await other.stop()
      }),
    TIMEOUT,
  )

  test.each([
    ['between two calls', ''],
    [
      'in the middle of a call',
      'stuck = true local t <close> = setmetatable({}, { __close = print }) while true do end',
    ],
  ])(
    'a process that is killed %s leaves it: hooks fall back until the next command',
    (_, code) =>
      withState(async (state) => {
        const other = await startHolder(code)
        if (code !== '') await expect.poll(() => fixture.read(), { timeout: 5000 }).toBe('')
        await other.stop()
        expect(fixture.read()).toBe('')
        expect(await contended(state)).toBeGreaterThan(0)
        expect(JSON.parse(fixture.done('show', 'locked', '--json'))).toMatchObject({
          status: 'ready',
          recovered: 1,
        })
        expect(holder(state)).toBe(0)
        expect(fixture.read()).toBe('Linux')
        expect(fixture.done('eval', 'locked', 'n, stuck')).toBe(`1\t${code === '' ? 'nil' : 'true'}\n`)
        expect(fixture.done('show', 'locked')).toMatch(/recovered +1 times from a process that died/)
      }),
    TIMEOUT,
  )

  test(
    'a process that waits for it gets it from one that dies',
    () =>
      withState(async (state) => {
        const other = await startHolder()
        const waiting = fixture.start('eval', 'locked', 'n = n + 10')
        setTimeout(() => other.stop(), 1000)
        expect(await waiting.ended).toEqual({ exit: 0, out: '', err: '' })
        expect(fixture.done('eval', 'locked', 'n')).toBe('10\n')
        expect(await state.describe()).toMatchObject({ recovered: 1 })
      }),
    TIMEOUT,
  )

  test('a sequence of calls with the lock is one step for all others', () =>
    withState(async (state) => {
      const locked = first(state)
      await locked.withLock(async () => {
        await locked.load('a = 1')
        expect(holder(state)).not.toBe(0)
        expect(fixture.read()).toBe('')
        await locked.load('b = 1')
      })
      expect(holder(state)).toBe(0)
      await expect(locked.withLock(() => locked.lock())).rejects.toThrow(/locked already/)
      await expect(locked.withLock(() => locked.load('error()'))).rejects.toThrow()
      await expect(locked.withLock(() => locked.call('x'.repeat(41)))).rejects.toThrow(/nil value/)
      expect(holder(state)).toBe(0)
      expect(fixture.read()).toBe('Linux')
    }))

  test('a maker that has died leaves what can be destroyed', async () => {
    await withState(async (state) => {
      const { memory } = internalsOf(first(state))
      memory.setWord(memory.word(MEMORY.CONTROL) + CONTROL.STATUS, CONTROL_STATUS.MADE)
      // a process with this number may live: it is not the one that began at that time
      memory.setLong(memory.word(MEMORY.CONTROL) + CONTROL.MANAGER, (1n << 62n) | (1n << 40n) | 12345n)
      expect(await fixture.states.list()).toMatchObject([{ status: 'incomplete' }])
      memory.setWord(memory.word(MEMORY.CONTROL) + CONTROL.STATUS, CONTROL_STATUS.READY)
    })
    expect(await fixture.states.list()).toEqual([])
  })
})
