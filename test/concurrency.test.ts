/**
 * Named states in the kernel while hooks call them on all CPUs, as fast as these can: what processes do to them at
 * the same time. MOONRING_SECONDS says for how long (5), MOONRING_STATES how many states there are at once (32).
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { expect, test } from 'vitest'
import { CONTROL, MEMORY } from '../src/isa/layout.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import type { KernelState } from '../src/named/kernel-state.ts'
import { internalsOf, type State } from '../src/state/state.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'

const SECONDS = Number(process.env.MOONRING_SECONDS ?? 5)
const STATES = Number(process.env.MOONRING_STATES ?? 32)
const TIMEOUT = 300_000 + SECONDS * 2000
const quiet = () => {}

/** Denies where it sees half of a change. */
const SCRIPT = `
a, b, n, wrong = 0, 0, 0, 0
function same() return a == b end
function sysctl()
  n = n + 1
  if same() then return true end
  wrong = wrong + 1
  return false
end
print('turn 0')`

/** Why a command can't do its work while others do theirs. */
const REFUSAL = expect.stringMatching(
  /none of this name|just been destroyed|no hook|one of this name|has not|has ended/,
)

describeInKernel('states that hooks and processes use at the same time', () => {
  const fixture = new NamedStatesFixture()

  test(
    'every call is counted, none sees half of a change, and no lock is left',
    async () => {
      const state = await fixture.states.create('busy', { memory: 256 << 10 })
      const cpus = availableParallelism()
      try {
        await state.load({ name: 'busy.lua', text: SCRIPT }, quiet)
        await state.attach('cgroup/sysctl', { target: fixture.cgroup, default: 'allow' })
        const follower = fixture.start('log', '-f', 'busy')
        await expect.poll(() => follower.out, { timeout: 30_000 }).toMatch(/turn 0/)
        const stop = join(fixture.folder, 'stop')
        const readers = Array.from({ length: cpus }, (_, cpu) => fixture.startReadsUntil(cpu, stop))
        const { turns, others, commands } = await disturb(state)
        fixture.file('stop', '')
        let reads = 0
        for (const reader of readers) {
          const { exit, out } = await reader.ended
          const [made, allowed] = out.split(' ').map(Number)
          expect([exit, allowed]).toEqual([0, made])
          reads += made as number
        }
        await expect.poll(() => follower.out, { timeout: 30_000 }).toMatch(/turn [1-9]\d*/)
        await follower.stop('SIGTERM')
        const { calls, errors, hooks, recovered, status } = await state.describe()
        const { contended, interrupted } = (hooks[0] as (typeof hooks)[0]).fallbacks
        const [n, wrong, a] = (await (state.states[0] as State).load('return n, wrong, a')) as number[]
        console.log(
          `${SECONDS} s on ${cpus} CPUs: ${reads} reads, ${turns} changes, ${others} other states, ${commands} commands; ` +
            `contended ${contended}, interrupted ${interrupted}`,
        )
        expect([calls, errors, wrong, recovered, status]).toEqual([reads, 0, 0, 0, 'ready'])
        expect((n as number) + contended + interrupted).toBe(reads)
        expect(a).toBe(turns)
        const { memory } = internalsOf(state.states[0] as State)
        for (const lock of [CONTROL.LOCK, CONTROL.MANAGER])
          expect(memory.count(memory.word(MEMORY.CONTROL) + lock)).toBe(0)
      } finally {
        await state.destroy()
      }
    },
    TIMEOUT,
  )

  /** Does everything at once, for so many seconds, and each thing a few times. How often. */
  async function disturb(state: KernelState) {
    const counts = { turns: 0, others: 0, commands: 0 }
    const end = Date.now() + SECONDS * 1000
    const isOver = () => Date.now() >= end && counts.turns >= 30 && counts.others >= 1 && counts.commands >= 1
    const repeat = async (what: keyof typeof counts, step: (count: number) => Promise<void>) => {
      for (let turn = performance.now(); !isOver(); counts[what]++) {
        await step(counts[what])
        if (performance.now() - turn < 100) continue
        await new Promise((done) => setImmediate(done))
        turn = performance.now()
      }
    }
    await Promise.all([
      repeat('turns', (count) => change(state, count)),
      repeat('others', makeAndDestroy),
      repeat('commands', runCommand),
    ])
    return counts
  }

  /** Changes two globals together, redefines a function, prints, and looks at what there is. */
  async function change(state: KernelState, count: number): Promise<void> {
    const text = `a = a + 1 for i = 1, 20 do local t = { i } end b = b + 1
      function same() return a == b end if a % 10 == 0 then print('turn ' .. a) end`
    if (count % 2 === 0) await state.load({ name: 'change.lua', text }, quiet)
    else await state.evaluate({ name: 'eval', text }, quiet)
    await state.describe()
    await state.log()
  }

  /** Makes another state, uses and destroys it. */
  async function makeAndDestroy(): Promise<void> {
    const other = await fixture.states.create('other', { memory: 65536 })
    await other.load({ name: 'other.lua', text: 'x = 1 function sysctl() return true end' }, quiet)
    await other.attach('cgroup/sysctl', { target: fixture.cgroup })
    await other.destroy()
  }

  /** Commands that look at all states and change nothing that is counted. */
  async function runCommand(count: number): Promise<void> {
    const commands = [
      ['show', 'busy', '--json'],
      ['list', '--json'],
      ['eval', 'busy', 'other = 1'],
    ]
    const args = commands[count % 3] as string[]
    const { exit, err } = await fixture.start(...args).ended
    expect([...args, exit, err]).toEqual([...args, 0, ''])
  }

  test(
    'commands against each other: each one does its work, or says why not',
    async () => {
      for (let round = 0; round < 2; round++) {
        fixture.done('create', 'fought', '--kernel', '--memory', '64K')
        fixture.done('eval', 'fought', 'n = 0 function sysctl() return true end')
        const attach = ['attach', 'fought', 'cgroup/sysctl', '--cgroup', fixture.cgroup]
        const commands = [
          ['eval', 'fought', 'n = n + 1'],
          attach,
          ['eval', 'fought', 'n = n + 1'],
          attach,
          ['detach', 'fought'],
          ['show', 'fought'],
        ]
        if (round === 1)
          commands.push(['destroy', 'fought'], ['destroy', 'fought'], ['create', 'fought', '--kernel'])
        const ended = await Promise.all(commands.map((args) => fixture.start(...args).ended))
        for (const [i, { exit, out, err }] of ended.entries()) {
          if (exit === 0) expect(err).toBe('')
          // what `show` is asked for is what the state is like: it says so on standard output
          else expect([exit, commands[i]?.[0] === 'show' ? err || out : err]).toEqual([1, REFUSAL])
        }
        if (round === 0) expect(fixture.done('eval', 'fought', 'n')).toBe('2\n')
        const states = await fixture.states.list()
        for (const { status } of states) expect(status).toBe('ready')
        for (const { name } of states) expect(await fixture.states.destroy(name)).toBe(true)
        expect(fixture.attachments()).toBe(0)
      }
      // two that make the same state: one of them does
      const made = await Promise.all([0, 1, 2].map(() => fixture.start('create', 'same', '--kernel').ended))
      expect(made.map(({ exit }) => exit).sort()).toEqual([0, 1, 1])
      expect(await fixture.states.list()).toMatchObject([{ name: 'same', status: 'ready' }])
      expect(await fixture.states.destroy('same')).toBe(true)
    },
    TIMEOUT,
  )

  test(
    'many states at once have nothing in common',
    async () => {
      const made: KernelState[] = []
      try {
        for (let i = 0; i < STATES; i++) {
          const libraries = i % 2 === 0 ? (['string'] as const) : (['table'] as const)
          const state = await fixture.states.create(`s${i}`, { memory: 65536, libraries, fuel: 10_000 + i })
          made.push(state)
          await state.load(
            {
              name: 'own.lua',
              text: `mine = ${i} function work() return mine, string and 1, table and 2 end`,
            },
            quiet,
          )
        }
        const listed = await fixture.states.list()
        expect(listed.map(({ status, fuel }) => [status, fuel])).toEqual(
          listed.map(({ name }) => ['ready', 10_000 + Number(name.slice(1))]),
        )
        expect(listed).toHaveLength(STATES)
        for (const [i, state] of made.entries())
          expect(await state.states[0]?.call('work')).toEqual([
            i,
            i % 2 === 0 ? 1 : null,
            i % 2 === 0 ? null : 2,
          ])
        // some fail in each way, and concern nobody else
        for (const [i, state] of made.entries()) {
          const text =
            i % 3 === 0
              ? 'while true do end'
              : i % 3 === 1
                ? 'mine = {} while true do mine = { mine } end'
                : 'error()'
          await expect(state.load({ name: 'fail.lua', text }, quiet)).rejects.toMatchObject({
            code: ['OUT_OF_FUEL', expect.stringMatching(/OUT_OF_(FUEL|MEMORY)/), 'LUA_ERROR'][i % 3],
          })
        }
        for (const [i, state] of made.entries())
          if (i % 3 !== 1) expect((await state.states[0]?.call('work'))?.[0]).toBe(i)
        for (const { memory } of await fixture.states.list()) expect(memory.peak).toBeLessThanOrEqual(65536)
      } finally {
        for (const state of made) state.close()
      }
      for (const { name } of await fixture.states.list())
        expect(await fixture.states.destroy(name)).toBe(true)
      expect(await fixture.states.list()).toEqual([])
    },
    TIMEOUT,
  )
})
