/** Hooks for packets on devices where something goes wrong: scripts that fail, devices and namespaces that vanish, places that are taken. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Fallbacks, HookDescription } from '../src/named/description.ts'
import type { KernelState } from '../src/named/kernel-state.ts'
import type { AttachOptions, CreateOptions } from '../src/named/named-state.ts'
import { iperf, startIperf } from '../tools/network/iperf.ts'
import type { Device } from '../tools/network/network.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'
import { describeOnNetwork, makeNetwork, PATIENCE } from './network.fixture.ts'
import { acceptConnections, connections } from './servers.fixture.ts'

const PORT = 8080
const MEBIBYTE = 1 << 20
const quiet = () => {}

describeOnNetwork('hooks for packets, where something goes wrong', ['iperf3', 'ethtool'], () => {
  const fixture = new NamedStatesFixture()
  const network = makeNetwork()
  const client = network.namespace('client')
  const server = network.namespace('server')
  let [atClient, atServer] = [] as unknown as [Device, Device]
  let place: AttachOptions

  beforeAll(async () => {
    ;[atClient, atServer] = network.connect(client, server)
    place = { netns: server.name, target: atServer.name }
    await acceptConnections(server, PORT)
    await startIperf(server)
  }, PATIENCE)

  /** Where a hook is attached at the server. */
  const at = (hook: string): AttachOptions => (hook.startsWith('netfilter') ? { netns: server.name } : place)

  /** Does something with states that have scripts; they are destroyed afterwards, and nothing of them is left. */
  async function withStates(
    scripts: readonly string[],
    use: (...states: [KernelState, ...KernelState[]]) => unknown,
    options: CreateOptions = {},
  ): Promise<void> {
    const states: KernelState[] = []
    try {
      for (const [i, text] of scripts.entries()) {
        const state = await fixture.states.create(`state-${i}`, options)
        states.push(state)
        await state.load({ name: 'faults.lua', text }, quiet)
      }
      await use(...(states as [KernelState, ...KernelState[]]))
    } finally {
      for (const state of states) await state.destroy()
    }
    const folder = join(fixture.bpffs, 'moonring')
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([])
  }

  const hookOf = async (state: KernelState) => (await state.describe()).hooks[0] as HookDescription
  const globalOf = async (state: KernelState, code: string) =>
    (await state.states[0]?.load(`return ${code}`))?.[0]
  const connect = (options = {}) => connections(client, atServer.ipv4, PORT, options)

  describe.each(['netfilter/local-in', 'tc/ingress', 'xdp'])('scripts that fail at %s', (hook) => {
    const failures: readonly (readonly [cause: keyof Fallbacks, body: string])[] = [
      ['error', "error('on purpose')"],
      ['fuel', 'while true do end'],
      ['memory', "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end"],
      ['nonsense', 'return {}'],
    ]

    test(
      'the default verdict holds, and each cause is counted',
      () =>
        withStates(
          [''],
          async (state) => {
            await state.attach(hook, { ...at(hook), match: { dport: String(PORT) }, later: true })
            for (const [cause, body] of failures) {
              const before = (await hookOf(state)).fallbacks[cause]
              await state.load({ name: 'failing.lua', text: `function filter() ${body} end` }, quiet)
              expect([cause, await connect()]).toEqual([cause, 1])
              expect((await hookOf(state)).fallbacks[cause]).toBeGreaterThan(before)
            }
            const { calls, errors } = await hookOf(state)
            expect(errors).toBe(calls)
            await state.detach()
            await state.attach(hook, { ...at(hook), match: { dport: String(PORT) }, default: 'drop' })
            expect(await connect({ patience: 500 })).toBe(0)
          },
          { memory: 1 << 17, fuel: 20_000 },
        ),
      PATIENCE,
    )
  })

  describe.each([true, false])('offloads of the devices: %s', (offloads) => {
    test(
      'both ends of large packets are read and written, and nothing is lost',
      async () => {
        const on = offloads ? 'on' : 'off'
        const set = ['tso', 'gso', 'gro', 'tx', 'rx'].flatMap((name) => [name, on])
        client.done('ethtool', '-K', atClient.name, ...set)
        server.done('ethtool', '-K', atServer.name, ...set)
        const script = `largest, failed = 0, 0
          local byte = data.layout { byte = { 0, 8 } }
          function filter(hdr, pld, pkt)
            largest = math.max(largest, pkt.length)
            if #pld == 0 then return true end
            pld:layout(byte)
            local last = pld:segment(#pld - 1):layout(byte)
            if not pld.byte or not last.byte then failed = failed + 1 end
            if writes then pld.byte, last.byte = pld.byte, last.byte end
            return true
          end`
        for (const hook of ['tc/ingress', 'netfilter/local-in'])
          await withStates([script], async (state) => {
            await state.load({ name: 'writes', text: `writes = ${hook === 'tc/ingress'}` }, quiet)
            await state.attach(hook, { ...at(hook), match: { proto: 'tcp' }, default: 'drop' })
            const { bytes } = await iperf(client, atServer.ipv4, { time: 0, bytes: 8 * MEBIBYTE })
            expect(bytes).toBeGreaterThan(4 * MEBIBYTE)
            const largest = Number(await globalOf(state, 'largest'))
            if (offloads) expect(largest).toBeGreaterThan(20_000)
            else expect(largest).toBeLessThan(1600)
            expect(await globalOf(state, 'failed')).toBe(0)
            expect((await hookOf(state)).errors).toBe(0)
          })
      },
      PATIENCE,
    )
  })

  describe('what vanishes', () => {
    test('a device: the state can be looked at, detached and destroyed', () =>
      withStates(['function filter() end'], async (state) => {
        for (const hook of ['tc/ingress', 'tc/egress', 'xdp']) {
          server.ip('link', 'add', 'doomed', 'type', 'veth', 'peer', 'name', 'other')
          await state.attach(hook, { netns: server.name, target: 'doomed' })
          server.ip('link', 'del', 'doomed')
          expect((await state.describe()).hooks).toMatchObject([
            { name: hook, target: `doomed netns ${server.name}` },
          ])
          expect(JSON.parse(fixture.done('show', 'state-0', '--json')).hooks).toHaveLength(1)
          expect(await state.detach(hook)).toBe(1)
        }
        server.ip('link', 'add', 'doomed', 'type', 'veth', 'peer', 'name', 'other')
        await state.attach('tc/ingress', { netns: server.name, target: 'doomed' })
        server.ip('link', 'del', 'doomed')
      }))

    test('a namespace', () =>
      withStates(['function filter() end'], async (state) => {
        for (const step of [() => state.detach(), () => Promise.resolve(2)]) {
          const gone = network.namespace('gone')
          gone.ip('link', 'add', 'inside', 'type', 'veth', 'peer', 'name', 'other')
          await state.attach('netfilter/local-in', { netns: gone.name })
          await state.attach('tc/ingress', { netns: gone.name, target: 'inside' })
          await gone.remove()
          expect((await state.describe()).hooks).toHaveLength(2)
          expect(await step()).toBe(2)
        }
        await expect(state.attach('xdp', { netns: 'moonring-none', target: 'lo' })).rejects.toThrow(
          /Cannot find the network namespace 'moonring-none': there is none/,
        )
      }))
  })

  describe('places', () => {
    const taken = {
      message: expect.stringMatching(
        /Cannot attach to .*(has the priority 20|have the priority 20|has a program)/,
      ),
      hint: expect.stringMatching(/--priority|tc\/ingress/),
    }

    test(
      'one program runs at XDP',
      () =>
        withStates(['function filter() end', 'function filter() end'], async (first, second) => {
          await first.attach('xdp', place)
          await expect(second?.attach('xdp', place)).rejects.toMatchObject(taken)
          expect((await second?.describe())?.hooks).toEqual([])
          expect(readdirSync(join(fixture.bpffs, 'moonring/state-1'))).toEqual(['memory-0', 'vm-0'])
          await connect()
          expect((await hookOf(first)).calls).toBeGreaterThan(0)
        }),
      PATIENCE,
    )

    test.each(['netfilter/local-in', 'tc/ingress'])(
      'programs run in the order of their priorities, which they have alone: %s',
      async (hook) => {
        const scripts = Array(3).fill('function filter() last = linux.time() return true end')
        await withStates(scripts, async (...states) => {
          for (const [i, state] of states.entries())
            await state.attach(hook, { ...at(hook), priority: [30, -10, 20][i] as number })
          await expect(states[0].attach(hook, { ...at(hook), priority: 20 })).rejects.toMatchObject(taken)
          expect((await states[0].describe()).hooks).toHaveLength(1)
          await connect()
          const times = []
          for (const state of states) times.push(BigInt(String(await globalOf(state, 'tostring(last)'))))
          const [third, first, second] = times as [bigint, bigint, bigint]
          expect(first < second && second < third).toBe(true)
        })
      },
      PATIENCE,
    )

    test(
      'the device of loopback, and what drivers don’t do',
      () =>
        withStates(['function filter() end'], async (state) => {
          for (const hook of ['tc/ingress', 'xdp']) {
            await state.attach(hook, { netns: server.name, target: 'lo' })
            expect(await connections(server, '127.0.0.1', PORT)).toBe(1)
            expect((await hookOf(state)).calls).toBeGreaterThan(0)
            await state.detach()
          }
          const notes: string[] = []
          const note = (text: string) => notes.push(text)
          await state.attach('xdp', { ...place, note })
          await state.detach()
          expect(notes).toEqual([])
          server.ip('link', 'add', 'bridge', 'type', 'bridge')
          await state.attach('xdp', { netns: server.name, target: 'bridge', note })
          expect(notes).toEqual([expect.stringMatching(/bridge .*generic mode/)])
          expect(server.ip('link', 'show', 'bridge')).toMatch(/xdpgeneric/)
          await state.detach()
          expect(server.ip('link', 'show', 'bridge')).not.toMatch(/xdp/)
          await expect(state.attach('xdp', { netns: server.name, target: 'none' })).rejects.toThrow(
            /Cannot find the device 'none'/,
          )
        }),
      PATIENCE,
    )
  })

  test(
    'a function that is replaced while packets come is always there',
    () =>
      withStates(['function filter() return true end'], async (state) => {
        await state.attach('tc/ingress', place)
        const flood = iperf(client, atServer.ipv4, { time: 1, udp: { length: 64, rate: '20M' } })
        let [rounds, over] = [0, false]
        flood.finally(() => {
          over = true
        })
        for (; !over; rounds++) {
          const text = `local n = ${rounds} function filter(hdr, pld) seen = n return #pld >= 0 end`
          await state.evaluate({ name: 'eval', text }, quiet)
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
        expect((await flood).bytes).toBeGreaterThan(0)
        const { calls, errors, fallbacks } = await hookOf(state)
        expect(rounds).toBeGreaterThan(3)
        expect(calls).toBeGreaterThan(100)
        expect([errors, fallbacks.error, fallbacks.nonsense, fallbacks.broken]).toEqual([0, 0, 0, 0])
      }),
    PATIENCE,
  )

  test(
    'a state on every CPU',
    () =>
      withStates(
        ['n = 0 function filter() n = n + 1 return not closed end'],
        async (state) => {
          await state.attach('tc/ingress', { ...place, match: { proto: 'tcp', dport: String(PORT) } })
          expect(await connect({ count: 20 })).toBe(20)
          const { calls, fallbacks } = await hookOf(state)
          expect(calls).toBeGreaterThanOrEqual(40)
          expect(Object.values(fallbacks).every((n) => n === 0)).toBe(true)
          let sum = 0
          for (const { load } of state.states.map((one) => ({ load: () => one.load('return n') })))
            sum += Number((await load())[0])
          expect(sum).toBeGreaterThanOrEqual(calls)
          await state.evaluate({ name: 'eval', text: 'closed = true' }, quiet)
          expect(await connect({ patience: 500 })).toBe(0)
          await state.detach()
          expect(await connect()).toBe(1)
        },
        { perCpu: true },
      ),
    PATIENCE,
  )

  test(
    'of two states the one that drops decides, and those behind it don’t see the packet',
    () =>
      withStates(
        ['function filter() return not closed end', 'function filter() end'],
        async (guard, behind) => {
          const match = { proto: 'tcp', dport: String(PORT) }
          await guard.attach('tc/ingress', { ...place, match, priority: 1 })
          await behind.attach('tc/ingress', { ...place, match, priority: 2 })
          expect(await connect()).toBe(1)
          const { calls } = await hookOf(behind)
          expect(calls).toBeGreaterThan(0)
          await guard.evaluate({ name: 'eval', text: 'closed = true' }, quiet)
          const before = (await hookOf(behind)).calls
          expect(await connect({ patience: 500 })).toBe(0)
          expect((await hookOf(behind)).calls).toBe(before)
        },
      ),
    PATIENCE,
  )
})
