/** Scripts that people run in a state which hooks call: they are told, they can end it, and it ends. */
import { describe, expect, test } from 'vitest'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import type { StateDescription } from '../src/named/description.ts'
import { UserStates } from '../src/named/user-states.ts'
import { State } from '../src/state/state.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'

const TIMEOUT = 120_000
/** A script that catches what ends it. */
const STUBBORN = 'while true do pcall(function() while true do end end) end'

describe('interrupting a call', () => {
  test('once: an error that the script may catch; twice: the end', async () => {
    const state = new State()
    const caught = state.load('ok, message = pcall(function() while true do end end) return message')
    setTimeout(() => state.interrupt(), 30)
    expect(await caught).toEqual(['interrupted!'])
    const stubborn = state.load(STUBBORN)
    for (const delay of [30, 60]) setTimeout(() => state.interrupt(), delay)
    await expect(stubborn).rejects.toMatchObject({ name: 'LuaError', message: 'interrupted!' })
    expect(await state.load('return 1')).toEqual([1])
    state.close()
  })

  test('that waits for a binding which never answers', async () => {
    const state = new State()
    state.register('host', { wait: () => new Promise(() => {}) })
    const waiting = state.load('host.wait()')
    for (const delay of [10, 20]) setTimeout(() => state.interrupt(), delay)
    await expect(waiting).rejects.toMatchObject({ message: 'interrupted!' })
    expect(await state.load('return 2')).toEqual([2])
    state.close()
  })

  test('before it has begun means nothing for the next one', async () => {
    const state = new State()
    state.interrupt()
    state.interrupt()
    expect(await state.load('for i = 1, 3000000 do end return 3')).toEqual([3])
    state.close()
  })

  test('of a named state in user space; closing its use is the end at once', async () => {
    const states = new UserStates()
    const state = await states.create('used')
    const script = { name: 'stubborn.lua', text: STUBBORN }
    const interrupted = state.load(script, () => {})
    for (const delay of [30, 60]) setTimeout(() => state.interrupt(), delay)
    await expect(interrupted).rejects.toThrow('interrupted!')
    const closed = state.load(script, () => {})
    setTimeout(() => state.close(), 30)
    await expect(closed).rejects.toThrow('interrupted!')
    await states.close()
  })
})

describeInKernel('eval and load in a state that hooks call', () => {
  const fixture = new NamedStatesFixture()
  const described = () => JSON.parse(fixture.done('show', 'busy', '--json')) as StateDescription

  async function withState(use: () => Promise<void> | void): Promise<void> {
    const state = await fixture.states.create('busy', { libraries: ['string', 'table'] })
    try {
      await state.load({ name: 'busy.lua', text: 'function sysctl() return linux.time() > 0 end' }, () => {})
      await state.attach('cgroup/sysctl', { cgroup: fixture.cgroup, default: 'deny' })
      await use()
    } finally {
      await state.destroy()
    }
  }

  test(
    'end after a time, and say before what the hooks do meanwhile',
    () =>
      withState(() => {
        const { exit, err } = fixture.run('eval', 'busy', STUBBORN)
        expect(exit).toBe(1)
        expect(err).toBe(
          `moonring: warning: until this has ended, cgroup/sysctl takes the default verdict: 'busy' is busy
moonring: error[M030]: Cannot run it in 'busy' for longer than 2 s
  = hint: do it in smaller steps; or allow more: --limit 10s, --no-limit\n`,
        )
        expect([described().holder, fixture.read()]).toEqual([undefined, 'Linux'])
        const file = fixture.file('endless.lua', 'while true do end')
        const loaded = fixture.run('load', 'busy', file, '--limit', '300ms')
        expect([loaded.exit, loaded.err]).toEqual([1, expect.stringContaining('for longer than 300 ms')])
        const wrong = fixture.run('eval', 'busy', '1', '--limit', '0')
        expect([wrong.exit, wrong.err]).toEqual([2, expect.stringContaining("Cannot use --limit '0'")])
        expect(fixture.done('eval', 'busy', '1 + 1', '--no-limit')).toBe('2\n')
      }),
    TIMEOUT,
  )

  test(
    'without a limit: show names who has it, and the second Ctrl-C is the end',
    () =>
      withState(async () => {
        const eternal = fixture.start('eval', 'busy', '--no-limit', STUBBORN)
        await expect.poll(() => eternal.err, { timeout: TIMEOUT }).toContain('until this has ended')
        const { holder } = described()
        expect(holder).toMatchObject({
          pid: eternal.child.pid,
          command: expect.stringContaining('eval busy'),
        })
        const since = Date.now() - Date.parse(holder?.since ?? '')
        expect(since).toBeGreaterThan(50)
        expect(since).toBeLessThan(TIMEOUT)
        expect(fixture.done('show', 'busy')).toMatch(
          /in use +by process \d+ .*hooks take their default verdict/,
        )
        expect(fixture.read()).toBe('')
        eternal.child.kill('SIGINT')
        await new Promise((resolve) => setTimeout(resolve, 500))
        expect(eternal.child.exitCode).toBe(null)
        eternal.child.kill('SIGINT')
        expect(await eternal.ended).toMatchObject({ exit: 1, err: expect.stringContaining('interrupted!') })
        expect(fixture.read()).toBe('Linux')
      }),
    TIMEOUT,
  )

  test(
    'library functions of hooks that processes can serve are there; of others the error says what is true',
    () =>
      withState(() => {
        expect(Number(fixture.done('eval', 'busy', 'linux.time()'))).toBeGreaterThan(1e9)
        expect(fixture.done('eval', 'busy', "linux.ifindex 'lo'")).toBe('1\n')
        const hookOnly = fixture.run('eval', 'busy', 'ctl.name()')
        expect([hookOnly.exit, hookOnly.err]).toEqual([
          1,
          expect.stringContaining("'ctl.name' is served inside of hooks only"),
        ])
        expect(fixture.done('eval', 'busy', 'select(2, pcall(ctl.name))')).toContain('inside of hooks only')
      }),
    TIMEOUT,
  )

  test('in a state that no hook calls nothing is said, and nothing ends', async () => {
    const state = await fixture.states.create('free', {})
    const { exit, err } = fixture.run('eval', 'free', STUBBORN, '--limit', '200ms')
    expect([exit, err]).toEqual([
      1,
      expect.stringMatching(/^moonring: error\[M030\]: .*for longer than 200 ms/),
    ])
    await state.destroy()
  })
})
