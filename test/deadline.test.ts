/**
 * A call of a hook ends when its time is over, however much fuel it has: within the slice that is under way then. The
 * times here are so short that they are over when the clock is read first; what a call has done is counted in instructions.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SPENDTHRIFTS, spendthriftScript } from '../bench/spendthrifts.ts'
import { HOOK, LIMITS, MEMORY } from '../src/isa/layout.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { ControlBlock } from '../src/named/control-block.ts'
import type { KernelState } from '../src/named/kernel-state.ts'
import { internalsOf, type State } from '../src/state/state.ts'
import { FRAMES } from '../tools/packets/packet-corpus.ts'
import { PacketPaths } from '../tools/packets/packet-paths.ts'
import { checkHeap } from './heap-check.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'
import { describeOnNetwork, makeNetwork, PATIENCE } from './network.fixture.ts'

/** More fuel than can be used up in a lifetime. */
const ENDLESS = 1e12
/** Instructions of a call whose time is over when the clock is first read, at the most: its slices, and its grace. */
const most = (slices: number) => slices * LIMITS.HOOK_SLICE + LIMITS.GRACE_FUEL + OVERDRAWN
/** What an instruction may cost beyond the slice in which it is executed. */
const OVERDRAWN = 12_000
const quiet = () => {}

/** The control block of a state, and the record of its only hook. */
function hookOf(state: State) {
  const { memory } = internalsOf(state)
  const control = new ControlBlock(memory.words.buffer as ArrayBuffer, memory.word(MEMORY.CONTROL))
  return { control, record: control.hook(0) }
}

/** Gives the calls of a state's hook fuel without end, and a nanosecond. */
function limit(state: State): void {
  const { control, record } = hookOf(state)
  control.setLimits(record, { fuel: ENDLESS, deadline: 1, wait: 0 })
}

/** Takes the figures of the calls so far; those of the next ones begin anew. */
function figures(state: State) {
  const { control, record } = hookOf(state)
  const { fallbacks, sums, calls, errors } = control.figures(record)
  for (const field of [HOOK.CALLS, HOOK.ERRORS, HOOK.FUEL, HOOK.OVERDUE, HOOK.FUEL_SUM])
    control.setLong(record.address + field, 0n)
  return { ...fallbacks, calls, errors, fuelUsed: sums.fuel, trap: control.word(MEMORY.TRAP) }
}

const ENDLESS_SCRIPTS: Readonly<Record<string, string>> = {
  'an empty loop': 'while true do end',
  'a loop that catches errors': 'local function spin() while true do end end while true do pcall(spin) end',
  'a loop in coroutines':
    'local function spin() while true do end end while true do coroutine.wrap(spin)() end',
  'a loop that prints': "while true do print('x') end",
  'a loop that asks the system': 'while true do linux.time() end',
  'a loop that asks and catches':
    'local function ask() while true do linux.time() end end while true do pcall(ask) end',
  'a loop that collects': 'while true do collectgarbage() end',
  'a recursion': 'local function f() return f() end return f()',
  'a handler that loops': 'xpcall(error, function() while true do end end)',
  'a variable that is closed by a loop':
    'local x <close> = setmetatable({}, { __close = function() while true do end end }) while true do end',
}

describeInKernel('a hook whose time is over', () => {
  const fixture = new NamedStatesFixture()

  let state: KernelState
  let driver: State

  beforeAll(async () => {
    state = await fixture.states.create('late', { memory: 2 << 20 })
    await state.attach('cgroup/sysctl', { target: fixture.cgroup, default: 'deny', later: true })
    driver = state.states[0] as State
  }, PATIENCE)
  afterAll(() => state?.destroy())

  /** Replaces the script of the state. */
  async function script(text: string): Promise<void> {
    await state.load({ name: 'late.lua', text: 'live, sysctl = nil collectgarbage()' }, quiet)
    await state.load({ name: 'late.lua', text }, quiet)
  }

  /** The state goes on as ever. */
  async function expectFine(): Promise<void> {
    await script('function sysctl() return true end')
    expect(fixture.read()).not.toBe('')
    expect(checkHeap(internalsOf(driver).memory)).toEqual([])
  }

  test('ends by the deadline that its kind has, whatever its fuel', async () => {
    await script('function sysctl() while true do end end')
    const { control, record } = hookOf(driver)
    control.setLimits(record, { ...control.limitsOf(record), fuel: ENDLESS })
    expect(fixture.read()).toBe('')
    expect(figures(driver)).toMatchObject({ deadline: 1, fuel: 0, error: 0, calls: 1, errors: 1, trap: 0 })
    const { records } = await state.log()
    expect(records.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^late\.lua:1: out of time\nstack traceback:\n[\s\S]*'sysctl'/),
    ])
    await expectFine()
  })

  test.each(Object.entries(ENDLESS_SCRIPTS))('%s ends within two slices', async (_, body) => {
    await script(`function sysctl() ${body} end`)
    limit(driver)
    figures(driver)
    expect(fixture.read()).toBe('')
    const { fuelUsed, ...counts } = figures(driver)
    expect(counts).toMatchObject({ deadline: 1, fuel: 0, error: 0, calls: 1, errors: 1, trap: 0 })
    expect(fuelUsed).toBeGreaterThan(0)
    expect(fuelUsed).toBeLessThanOrEqual(most(2))
    await expectFine()
  })

  test.each([
    ['clean up, and decide, with what is left to it', 'pcall(function() while true do end end) return true'],
    ['be on time, where the clock has not been read', 'for i = 1, 1000 do end return true'],
  ])('may %s', async (_, body) => {
    await script(`function sysctl() ${body} end`)
    limit(driver)
    figures(driver)
    expect(fixture.read()).not.toBe('')
    expect(figures(driver)).toMatchObject({ deadline: 0, calls: 1, errors: 0 })
  })

  test('is another cause than fuel', async () => {
    await script('function sysctl() while true do end end')
    const { control, record } = hookOf(driver)
    control.setLimits(record, { fuel: 50_000, deadline: 1e10, wait: 0 })
    figures(driver)
    expect(fixture.read()).toBe('')
    expect(figures(driver)).toMatchObject({ deadline: 0, fuel: 1, errors: 1 })
  })

  test.each(Object.entries(SPENDTHRIFTS))('spends no more than two slices: %s', async (_, spendthrift) => {
    await script(`local print = print ${spendthriftScript(spendthrift)} sysctl = endless`)
    limit(driver)
    figures(driver)
    expect(fixture.read()).toBe('')
    const { fuelUsed, deadline, trap } = figures(driver)
    expect({ deadline, trap }).toEqual({ deadline: 1, trap: 0 })
    expect(fuelUsed).toBeLessThanOrEqual(most(2))
    const [rounds] = await driver.load('return rounds')
    const share = (most(2) / 100_000) * spendthrift.rounds
    expect(rounds).toBeLessThanOrEqual(Math.ceil(share) + 1)
  })
})

describeInKernel('limits that the maker of a state asks for', () => {
  const fixture = new NamedStatesFixture()

  test('are refused with wrong usage, where no hook allows them', () => {
    for (const [option, value, message] of [
      ['--fuel', '10000001', /10,000,001 instructions, and any hook in the kernel allows 10,000,000 at most/],
      [
        '--deadline',
        '1s',
        /take 1s, and any hook in the kernel allows 100ms at most\n.*--deadline 100ms or less/,
      ],
      ['--deadline', 'soon', /Cannot use --deadline 'soon': it is no time/],
    ] as const)
      expect(fixture.run('create', 'much', '--kernel', option, value)).toMatchObject({
        exit: 2,
        err: expect.stringMatching(message),
      })
    expect(fixture.done('list')).toMatch(/^no states/)
  })

  test(
    'hold at the hooks that allow them, and are shown',
    () => {
      fixture.done('create', 'much', '--kernel', '--fuel', '2000000', '--deadline', '30ms')
      expect(
        fixture.run('attach', 'much', 'cgroup/egress', '--later', '--cgroup', fixture.cgroup),
      ).toMatchObject({
        exit: 2,
        err: expect.stringMatching(
          /Cannot attach to cgroup\/egress: a call is to execute 2,000,000 .* 1,000,000 at most\n.*--fuel 1000000 or less/,
        ),
      })
      fixture.done('attach', 'much', 'cgroup/sysctl', '--later', '--cgroup', fixture.cgroup)
      expect(JSON.parse(fixture.done('show', 'much', '--json'))).toMatchObject({
        fuel: 2_000_000,
        deadline: 30e6,
        hooks: [{ limits: { fuel: 2_000_000, deadline: 30e6, wait: 1e6 }, fallbacks: { deadline: 0 } }],
      })
      expect(fixture.done('show', 'much')).toMatch(
        /cgroup\/sysctl: a call may execute 2,000,000 instructions and take 30 ms; it waits 1.0 ms for the state/,
      )
      fixture.done('load', 'much', fixture.file('late.lua', 'function sysctl() while true do end end'))
      expect(fixture.read()).not.toBe('')
      fixture.done('destroy', 'much')
    },
    PATIENCE,
  )
})

describeOnNetwork('hooks for packets whose time is over', [], () => {
  const fixture = new NamedStatesFixture()
  const network = makeNetwork()
  const alone = network.namespace('late')
  const place = { netns: alone.name, device: 'quiet' }
  const frame = FRAMES['larger than a page of TLS'] as Uint8Array

  beforeAll(() => {
    // devices that are down: no packets but those of the test
    alone.ip('link', 'add', place.device, 'type', 'veth', 'peer', 'name', 'other')
  })

  const WRITES = {
    'resizes without end':
      'local n = #pld while true do pld = pld:resize(n // 2) pld = pld:resize(n + 9) end',
  }

  describe.each(['tc/ingress', 'tc/egress', 'xdp', 'netfilter/local-in'] as const)('%s', (hook) => {
    const scripts = {
      ...ENDLESS_SCRIPTS,
      'fetches piece after piece':
        'local l = data.layout { b = { 0, 8 } } while true do for i = 0, #pld - 1, 64 do local x = pld:segment(i):layout(l).b end end',
      ...(hook.startsWith('netfilter') ? {} : WRITES),
    }
    test(
      'ends within two slices',
      async () => {
        const paths = await PacketPaths.make(fixture, 'late', place, { hook, default: 'drop' })
        try {
          const driver = paths.state.states[0] as State
          for (const [name, body] of Object.entries(scripts)) {
            await paths.load(`function filter(hdr, pld) ${body} end`)
            limit(driver)
            expect([name, paths.inKernel(frame)]).toEqual([name, undefined])
            const { fuelUsed, ...counts } = figures(driver)
            expect([name, counts]).toMatchObject([
              name,
              { deadline: 1, fuel: 0, error: 0, errors: 1, trap: 0 },
            ])
            expect([name, fuelUsed <= most(2)]).toEqual([name, true])
            expect(checkHeap(internalsOf(driver).memory)).toEqual([])
          }
          await paths.load('function filter() return true end')
          expect(paths.inKernel(frame)).toEqual(frame)
        } finally {
          await paths.close()
        }
      },
      PATIENCE,
    )
  })
})
