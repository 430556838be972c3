/**
 * Commands that are killed at a random moment: whatever they were doing, afterwards the list is right, every state
 * works or says why it doesn't, destroying cleans up, and the kernel keeps nothing. MOONRING_KILLS says how many (20),
 * MOONRING_SEED which moments.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { expect, test } from 'vitest'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import type { KernelState } from '../src/named/kernel-state.ts'
import { expectNothingLeft } from './bpf-objects.fixture.ts'
import { hasBpftool, NamedStatesFixture, randomFrom } from './named-states.fixture.ts'

const KILLS = Number(process.env.MOONRING_KILLS ?? 20)
const SEED = Number(process.env.MOONRING_SEED ?? 1)
const quiet = () => {}

describeInKernel('a command that is killed', () => {
  const fixture = new NamedStatesFixture()
  const random = randomFrom(SEED)
  const script = fixture.file(
    'a.lua',
    `n = 0 for i = 1, 20000 do n = n + 1 end function sysctl() return true end`,
  )
  const counts = { killed: 0, ended: 0, ready: 0, none: 0, incomplete: 0, recovered: 0 }

  const attach = ['attach', 'shot', 'cgroup/sysctl', '--cgroup', fixture.cgroup]
  /** What is killed, and whether there is an attached state before it. */
  const COMMANDS: readonly (readonly [args: readonly string[], before: 'nothing' | 'state' | 'attached'])[] =
    [
      [['create', 'shot', '--kernel'], 'nothing'],
      [['create', 'shot', '--kernel', '--percpu'], 'nothing'],
      [['load', 'shot', script], 'state'],
      [['eval', 'shot', 'n = n or 0 for i = 1, 10000000 do n = n + 1 end'], 'attached'],
      [attach, 'state'],
      [['detach', 'shot'], 'attached'],
      [['destroy', 'shot'], 'attached'],
    ]

  async function prepare(before: 'nothing' | 'state' | 'attached'): Promise<void> {
    if (before === 'nothing') return
    const state = await fixture.states.create('shot', { memory: 65536 })
    try {
      await state.load({ name: 'b.lua', text: 'function sysctl() return true end' }, quiet)
      if (before === 'attached') await state.attach('cgroup/sysctl', { target: fixture.cgroup })
    } finally {
      state.close()
    }
  }

  /** Sees what there is, and that it works or says why not; then it is destroyed. */
  async function inspect(what: string): Promise<void> {
    const listed = await fixture.states.list()
    expect(listed.map(({ name }) => name)).toEqual(listed.length === 0 ? [] : ['shot'])
    const [description] = listed
    if (description === undefined) counts.none++
    else if (description.status === 'ready') {
      counts.ready++
      const state = (await fixture.states.open('shot')) as KernelState
      try {
        await state.load({ name: 'c.lua', text: 'after = 42 function sysctl() return true end' }, quiet)
        expect(await state.states[0]?.load('return after')).toEqual([42])
        const { hooks, recovered } = await state.describe()
        counts.recovered += recovered
        if (hasBpftool) expect([what, fixture.attachments()]).toEqual([what, hooks.length])
        expect([what, fixture.read()]).toEqual([what, 'Linux'])
        // what it was doing can be done now
        await state.detach()
        await state.attach('cgroup/sysctl', { target: fixture.cgroup })
        const calls = (await state.describe()).calls
        expect([fixture.read(), calls, (await state.describe()).calls]).toEqual(['Linux', 0, 1])
      } finally {
        state.close()
      }
    } else {
      counts.incomplete++
      expect([what, description.status, description.reason]).toEqual([
        what,
        'incomplete',
        expect.stringMatching(/remove what is left of it: moonring destroy shot$/),
      ])
    }
    expect(await fixture.states.destroy('shot')).toBe(description !== undefined)
    if (hasBpftool) expect([what, fixture.attachments()]).toEqual([what, 0])
    const folder = join(fixture.bpffs, 'moonring')
    if (existsSync(folder)) expect([what, readdirSync(folder)]).toEqual([what, []])
  }

  /** Milliseconds that each command takes when nobody kills it. */
  async function durations(): Promise<number[]> {
    const all: number[] = []
    for (const [args, before] of COMMANDS) {
      await prepare(before)
      const start = performance.now()
      expect((await fixture.start(...args).ended).exit).toBe(0)
      all.push(performance.now() - start)
      await fixture.states.destroy('shot')
    }
    return all
  }

  async function kill(): Promise<void> {
    const usual = await durations()
    for (let i = 0; counts.killed < KILLS; i++) {
      const [args, before] = COMMANDS[i % COMMANDS.length] as (typeof COMMANDS)[number]
      await prepare(before)
      // the first part of its time is spent on starting node
      const which = i % COMMANDS.length
      const delay = (0.3 + 0.7 * random()) * (usual[which] as number)
      const start = performance.now()
      const running = fixture.start(...args)
      const timer = setTimeout(() => running.child.kill('SIGKILL'), delay)
      const { exit } = await running.ended
      clearTimeout(timer)
      counts[exit === null ? 'killed' : 'ended']++
      // machines are now slower, now faster
      usual[which] = exit === null ? (usual[which] as number) * 1.05 : performance.now() - start
      await inspect(`${i}: ${args.slice(0, 2).join(' ')} after ${Math.round(delay)} ms`)
    }
  }

  test(
    'leaves nothing that is half done',
    async () => {
      expect((await expectNothingLeft(kill)).length).toBeGreaterThan(2 * KILLS)
      console.log(`from seed ${SEED}: ${JSON.stringify(counts)}`)
    },
    120_000 + KILLS * 5000,
  )
})
