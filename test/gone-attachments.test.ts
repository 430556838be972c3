/** Attachments whose device, namespace or control group is gone, or which somebody has detached, are told apart from others. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { KernelState } from '../src/named/kernel-state.ts'
import type { AttachOptions } from '../src/named/named-state.ts'
import { programPath } from '../tools/network/required-programs.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'
import { describeOnNetwork, makeNetwork, PATIENCE } from './network.fixture.ts'

const SCRIPT = 'function filter() end function sysctl() end'

describeOnNetwork('attachments that call no more', [], () => {
  const fixture = new NamedStatesFixture()
  const network = makeNetwork()
  const host = network.namespace('host')
  const inHost = { netns: host.name }
  beforeAll(() => host.make())

  const addDevice = (name: string, to = host) =>
    to.ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}-peer`)
  const reasons = async (state: KernelState) => (await state.describe()).hooks.map(({ gone }) => gone)

  async function withState(use: (state: KernelState) => Promise<void>, perCpu = false): Promise<void> {
    const state = await fixture.states.create('lost', { perCpu })
    try {
      await state.load({ name: 'lost.lua', text: SCRIPT }, () => {})
      await use(state)
    } finally {
      await state.destroy()
    }
  }

  /** Detaches the link of a slot as an administrator would, past Moonring. */
  function detachOutside(slot: number): void {
    const pin = join(fixture.bpffs, `moonring/lost/link-${slot}`)
    expect(spawnSync('bpftool', ['link', 'detach', 'pinned', pin], { encoding: 'utf8' })).toMatchObject({
      status: 0,
    })
  }

  test(
    'a device that is removed, and comes again',
    () =>
      withState(async (state) => {
        const hooks = ['tc/ingress', 'tc/egress', 'xdp']
        addDevice('doomed')
        for (const hook of hooks) await state.attach(hook, { ...inHost, device: 'doomed' })
        await state.attach('netfilter/local-in', inHost)
        expect(await reasons(state)).toEqual([undefined, undefined, undefined, undefined])
        host.ip('link', 'del', 'doomed')
        const removed = 'device removed'
        expect(await reasons(state)).toEqual([removed, removed, removed, undefined])
        addDevice('doomed')
        expect(await reasons(state)).toEqual([removed, removed, removed, undefined])
        // in the command, for people and machines
        const shown = fixture.done('show', 'lost')
        expect(shown.match(/gone: device removed/g)).toHaveLength(3)
        expect(fixture.done('list')).toMatch(
          /tc\/ingress \(gone\) tc\/egress \(gone\) xdp \(gone\) netfilter\/local-in/,
        )
        expect(JSON.parse(fixture.done('show', 'lost', '--json')).hooks[0].gone).toBe(removed)
        // attaching anew takes their place, detaching removes them
        await state.attach('tc/egress', { ...inHost, device: 'doomed' })
        const { hooks: now } = await state.describe()
        expect(now.map(({ name, gone }) => [name, gone])).toEqual([
          ['tc/ingress', removed],
          ['tc/egress', undefined],
          ['xdp', removed],
          ['netfilter/local-in', undefined],
        ])
        expect([await state.detach('xdp'), await state.detach('xdp'), await state.detach()]).toEqual([
          1, 0, 3,
        ])
      }),
    PATIENCE,
  )

  test(
    'a namespace that is removed',
    () =>
      withState(async (state) => {
        const doomed = network.namespace('doomed')
        addDevice('inside', doomed)
        await state.attach('netfilter/local-in', { netns: doomed.name })
        await state.attach('tc/ingress', { netns: doomed.name, device: 'inside' })
        await state.attach('netfilter/local-in', inHost)
        await doomed.remove()
        const removed = 'network namespace removed'
        expect(await reasons(state)).toEqual([removed, removed, undefined])
        doomed.make()
        expect(await reasons(state)).toEqual([removed, removed, undefined])
        await state.attach('netfilter/local-in', { netns: doomed.name })
        expect(await reasons(state)).toEqual([undefined, removed, undefined])
        expect(await state.detach()).toBe(3)
      }),
    PATIENCE,
  )

  test(
    'a namespace without its name in which a process still is has not gone',
    () =>
      withState(async (state) => {
        const nameless = network.namespace('nameless')
        const sleeper = nameless.start('sleep', '60')
        await state.attach('netfilter/local-in', { netns: nameless.name })
        host.done('ip', 'netns', 'del', nameless.name)
        expect(await reasons(state)).toEqual([undefined])
        sleeper.child.kill('SIGKILL')
        await sleeper.ended
        expect(await reasons(state)).toEqual(['network namespace removed'])
        nameless.make = () => {}
        spawnSync('ip', ['netns', 'add', nameless.name])
      }),
    PATIENCE,
  )

  test(
    'a control group that is removed',
    () =>
      withState(async (state) => {
        const group = join(fixture.cgroup, 'doomed')
        mkdirSync(group)
        await state.attach('cgroup/sysctl', { cgroup: group })
        await state.attach('cgroup/sysctl', { cgroup: fixture.cgroup })
        rmdirSync(group)
        await expect.poll(() => reasons(state)).toEqual(['control group removed', undefined])
        mkdirSync(group)
        await state.attach('cgroup/sysctl', { cgroup: group })
        expect(await reasons(state)).toEqual([undefined, undefined])
        expect(await state.detach()).toBe(2)
        rmdirSync(group)
      }),
    PATIENCE,
  )

  describe.runIf(programPath('bpftool') !== undefined)('a link that is detached from outside', () => {
    const places: [string, () => AttachOptions][] = [
      ['cgroup/sysctl', () => ({ cgroup: fixture.cgroup })],
      ['netfilter/local-in', () => inHost],
      ['tc/ingress', () => ({ ...inHost, device: 'quiet' })],
      ['xdp', () => ({ ...inHost, device: 'quiet' })],
    ]
    test.each(places)(
      'of %s',
      (hook, options) =>
        withState(async (state) => {
          if (hook === 'tc/ingress') addDevice('quiet')
          await state.attach(hook, options())
          expect(await reasons(state)).toEqual([undefined])
          detachOutside(0)
          expect(await reasons(state)).toEqual(['detached from outside'])
          await state.attach(hook, options())
          expect(await reasons(state)).toEqual([undefined])
          detachOutside(0)
          expect(await state.detach(hook)).toBe(1)
          expect(await reasons(state)).toEqual([])
        }),
      PATIENCE,
    )
  })

  test(
    'all of them make room when no slot is free',
    () =>
      withState(async (state) => {
        for (let i = 0; i < 24; i++) {
          addDevice(`d${i}`)
          await state.attach('tc/ingress', { ...inHost, device: `d${i}` })
        }
        await expect(state.attach('netfilter/local-in', inHost)).rejects.toThrow('24 hooks already')
        host.ip('link', 'del', 'd3')
        await state.attach('netfilter/local-in', inHost)
        expect((await state.describe()).hooks.filter(({ gone }) => gone)).toEqual([])
      }),
    4 * PATIENCE,
  )
})
