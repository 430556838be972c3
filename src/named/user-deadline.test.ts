/** Calls by hooks in user space end when their time is over, whatever their script does or waits for. */
import { afterEach, describe, expect, test } from 'vitest'
import { ethernet, ipv4, udp } from '../../tools/packets/sample-packets.ts'
import type { HookCall, KernelHook, Subsystem } from '../hook/subsystem.ts'
import { LINK_ETHERNET } from '../packet/link-type.ts'
import { findHook } from '../subsystems/find.ts'
import type { CreateOptions } from './named-state.ts'
import { PacketHook } from './packet-hook.ts'
import { UserStates } from './user-states.ts'

let call: HookCall
/** Answers of the binding `ask.late`. */
const answers: ((value: number) => void)[] = []

const BELL: Subsystem = {
  name: 'bell',
  summary: '',
  hooks: [
    {
      where: 'user',
      name: 'bell',
      summary: '',
      function: 'ring',
      verdicts: { named: { on: 1, off: 0 }, onTrue: 'on', onFalse: 'off', onFailure: 'off' },
      attach: (theCall) => {
        call = theCall
        return { detach() {} }
      },
    },
  ],
  libraries: [
    {
      name: 'ask',
      functions: {
        never: { signature: '()', summary: '', user: () => new Promise(() => {}) },
        late: { signature: '()', summary: '', user: () => new Promise<number>((done) => answers.push(done)) },
        soon: { signature: '()', summary: '', user: async () => 1 },
        now: { signature: '()', summary: '', user: () => 1 },
      },
    },
  ],
}

/** Milliseconds that are over when the clock is read first. */
const AT_ONCE = { deadline: 1e-6, fuel: 1e9 }

const states = new UserStates({ subsystems: [BELL] })
afterEach(() => states.close())

async function ringing(body: string, options: CreateOptions) {
  const state = await states.create('a', options)
  await state.attach('bell', { later: true })
  await state.load({ name: 'bell.lua', text: `function ring() ${body} end` }, () => {})
  return state
}

describe('a hook in user space whose time is over', () => {
  test.each([
    ['a loop', 'while true do end'],
    ['a loop that catches errors', 'while true do pcall(function() while true do end end) end'],
    ['a binding that never answers', 'ask.never()'],
    ['a binding that never answers, again and again', 'while true do pcall(ask.never) end'],
    ['a loop of bindings that answer later', 'while true do ask.soon() end'],
    ['a loop of bindings that answer at once', 'while true do ask.now() end'],
    ['a loop that prints', "while true do print('x') end"],
  ])('ends: %s', async (_, body) => {
    const state = await ringing(body, AT_ONCE)
    expect(await call()).toBe(0)
    const { hooks } = await state.describe()
    expect(hooks).toMatchObject([{ calls: 1, errors: 1, fallbacks: { deadline: 1, fuel: 0, error: 0 } }])
    // two slices, and what it has to clean up with
    expect(hooks[0]?.sums.fuel).toBeLessThanOrEqual(2 * 10_000 + 3000)
    const { records } = await state.log()
    expect(records.at(-1)?.text).toMatch(/out of time/)
    await state.load({ name: 'bell.lua', text: 'function ring() return true end' }, () => {})
    expect(await call()).toBe(1)
  })

  test('is told where it waited', async () => {
    const state = await ringing('\nask.never()', AT_ONCE)
    await call()
    const { records } = await state.log()
    expect(records.at(-1)?.text).toMatch(/^bell\.lua:2: out of time\nstack traceback:/)
  })

  test('hears no answer that comes later', async () => {
    await ringing('n = 0 pcall(ask.late) for i = 1, 3 do n = i end return n == 3', {
      ...AT_ONCE,
      deadline: 5,
    })
    const verdict = call()
    expect(await verdict).toBe(1)
    for (const answer of answers.splice(0)) answer(7)
    await new Promise(setImmediate)
    expect(await call()).toBe(1)
  })

  test('is on time where bindings answer in time', async () => {
    const state = await ringing('return ask.soon() + ask.now() == 2', { deadline: 10_000 })
    expect(await call()).toBe(1)
    expect((await state.describe()).hooks).toMatchObject([{ errors: 0, limits: { deadline: 1e10, wait: 0 } }])
  })
})

describe('a packet hook in user space', () => {
  const found = findHook('tc/ingress') as { hook: KernelHook; subsystem: Subsystem }
  const packet = ethernet(ipv4(udp(1, 2, new Uint8Array(900)), { protocol: 17 }))

  function judge(body: string, options: ConstructorParameters<typeof PacketHook>[1]) {
    const hook = new PacketHook(found, options)
    hook.state.loadSync(`function filter(hdr, pld) ${body} end`, { name: 'x.lua' })
    hook.look(0, LINK_ETHERNET, { bytes: packet, start: 0, end: packet.length })
    const verdict = hook.judge(0)
    const { fuelUsed } = hook
    hook.state.close()
    return { verdict, fuelUsed }
  }

  test.each([
    ['a loop', 'while true do end'],
    [
      'a loop that fetches',
      'while true do for i = 0, 800, 64 do pld:segment(i):layout { b = { 0, 8 } } end end',
    ],
    ['a loop that asks', 'while true do linux.time() end'],
  ])('ends when its time is over: %s', (_, body) => {
    const { verdict, fuelUsed } = judge(body, { deadline: 1e-6, fuel: 1_000_000 })
    expect(verdict).toEqual({ error: expect.stringMatching(/^x\.lua:1: out of time/) })
    expect(fuelUsed).toBeLessThanOrEqual(3 * 10_000 + 3000)
  })

  test('refuses what its hook refuses in the kernel', () => {
    expect(() => new PacketHook(found, { deadline: 21 })).toThrow(/tc\/ingress: a call is to take 21ms/)
    expect(() => new PacketHook(found, { fuel: 1_000_001 })).toThrow(/1,000,000 at most/)
  })
})
