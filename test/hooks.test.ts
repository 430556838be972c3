/** Hooks of the kernel that call named states: verdicts, figures by cause, library functions, the log. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { CONTROL, HOOK, HOOK_STATUS, MEMORY } from '../src/isa/layout.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { unpinLink } from '../src/kernel/pin.ts'
import type { Fallbacks, HookDescription } from '../src/named/description.ts'
import type { KernelState } from '../src/named/kernel-state.ts'
import type { AttachOptions, CreateOptions } from '../src/named/named-state.ts'
import { internalsOf, type State } from '../src/state/state.ts'
import { hasBpftool, NamedStatesFixture } from './named-states.fixture.ts'

const TIMEOUT = 120_000
const NONE: Fallbacks = {
  error: 0,
  fuel: 0,
  deadline: 0,
  memory: 0,
  nonsense: 0,
  contended: 0,
  interrupted: 0,
  broken: 0,
}
const quiet = () => {}

describeInKernel('a hook that calls a named state', () => {
  const fixture = new NamedStatesFixture()

  /** Does something with an attached state, which is destroyed afterwards. */
  async function withHook(
    script: string,
    use: (state: KernelState) => Promise<void>,
    { attach = {}, ...options }: CreateOptions & { attach?: AttachOptions } = {},
  ): Promise<void> {
    const state = await fixture.states.create('hooked', options)
    try {
      await state.load({ name: 'hook.lua', text: script }, quiet)
      await state.attach('cgroup/sysctl', { target: fixture.cgroup, ...attach })
      await use(state)
    } finally {
      await state.destroy()
    }
  }

  const hookOf = async (state: KernelState) => (await state.describe()).hooks[0] as HookDescription
  const resultOf = async (state: KernelState, code: string) =>
    (await state.states[0]?.load(`return ${code}`))?.[0]
  const allowed = (times = 1) => Array.from({ length: times }, () => fixture.read() !== '')

  describe('verdicts and figures', () => {
    test('what the function returns decides; calls are counted', () =>
      withHook('v = true function sysctl() return v end', async (state) => {
        for (const [code, isAllowed] of [
          ['v = true', true],
          ['v = false', false],
          ['v = nil', true],
          ['sysctl = nil', true],
          ['function sysctl(write, position) return write == 0 and position == 0 end', true],
          ['function sysctl(...) return select("#", ...) ~= 2 end', false],
        ] as const) {
          await state.evaluate({ name: 'eval', text: code }, quiet)
          expect([code, ...allowed()]).toEqual([code, isAllowed])
        }
        const hook = await hookOf(state)
        expect(hook).toMatchObject({ calls: 6, errors: 1, fallbacks: { ...NONE, error: 1 } })
        expect(hook.times.reduce((a, b) => a + b)).toBe(6)
        expect(hook.fuels.reduce((a, b) => a + b)).toBe(6)
        expect(hook.time.p99).toBeGreaterThanOrEqual(hook.time.p50)
        expect(hook.fuel.mean).toBeGreaterThan(1)
      }))

    test('a call that fails takes the default verdict, and is counted by its cause', () =>
      withHook(
        `causes = { function() error('on purpose') end, function() while true do end end,
           function() local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end end,
           function() return 'yes' end, function() return 7 end, function() coroutine.yield() end }
         function sysctl() return causes[cause]() end`,
        async (state) => {
          const seen: (keyof Fallbacks)[] = ['error', 'fuel', 'memory', 'nonsense', 'nonsense', 'error']
          const expected: Record<keyof Fallbacks, number> = { ...NONE }
          for (const [i, cause] of seen.entries()) {
            await state.evaluate({ name: 'eval', text: `cause = ${i + 1}` }, quiet)
            expect([cause, ...allowed()]).toEqual([cause, false])
            expected[cause]++
            expect((await hookOf(state)).fallbacks).toEqual(expected)
          }
          const { calls, errors } = await hookOf(state)
          expect([calls, errors]).toEqual([6, 6])
          await state.evaluate({ name: 'eval', text: 'function sysctl() return true end' }, quiet)
          expect(allowed()).toEqual([true])
        },
        { memory: 65536, fuel: 50_000, attach: { default: 'deny' } },
      ))

    test('the default verdict is the one that attach names', async () => {
      for (const [verdict, isAllowed] of [
        ['allow', true],
        ['deny', false],
      ] as const)
        await withHook('function sysctl() error() end', async () => expect(allowed()).toEqual([isAllowed]), {
          attach: { default: verdict },
        })
    })

    test('a busy state is not waited for without end, and a broken one not at all', () =>
      withHook(
        'function sysctl() return true end',
        async (state) => {
          const [first] = state.states
          await first?.withLock(() => expect(allowed(2)).toEqual([false, false]))
          expect((await hookOf(state)).fallbacks).toEqual({ ...NONE, contended: 2 })
          expect(allowed()).toEqual([true])
          const memory = internalsOf(first as NonNullable<typeof first>).memory
          memory.setWord(MEMORY.TRAP, 1)
          expect(allowed()).toEqual([false])
          expect(await state.describe()).toMatchObject({ status: 'broken', calls: 4, fallbacks: 3 })
          expect((await hookOf(state)).fallbacks).toEqual({ ...NONE, contended: 2, broken: 1 })
        },
        { attach: { default: 'deny' } },
      ))
  })

  describe('library functions', () => {
    test('are served in the hook; outside of it only those that processes have', () =>
      withHook(
        'function sysctl() name, time, random = ctl.name(), linux.time(), linux.random() end',
        async (state) => {
          allowed()
          expect(await resultOf(state, 'name')).toBe('kernel/ostype')
          const time = Number(await resultOf(state, 'time'))
          const now = Number(process.hrtime.bigint())
          expect(now - time).toBeLessThan(60e9)
          expect(Number(await resultOf(state, 'linux.time()'))).toBeGreaterThan(time - 1e9)
          await expect(resultOf(state, 'ctl.name()')).rejects.toThrow("'ctl.name'")
          expect(await resultOf(state, '(select(2, pcall(ctl.name)))')).toMatch(/ctl\.name/)
          expect((await hookOf(state)).errors).toBe(0)
        },
      ))

    test('those of a process are refused in a hook, and so is load', () =>
      withHook(
        `function sysctl() ok, message = pcall(load, 'return 1') ok2, message2 = pcall(mine.f, 1) return true end`,
        async (state) => {
          state.states[0]?.register('mine', { f: () => 1 })
          expect(allowed()).toEqual([true])
          expect(await resultOf(state, 'ok or ok2')).toBe(false)
          expect(await resultOf(state, 'message')).toMatch(/compile|load/)
          expect(await resultOf(state, 'message2')).toMatch(/mine\.f/)
          expect(await resultOf(state, 'mine.f()')).toBe(1)
        },
      ))

    test('modules that are built in are there if the script has required them, and are refused in a hook', () =>
      withHook(
        `packet = require 'packet'
        function sysctl()
          format = packet.format(0x0a000001)
          package.loaded.packet = nil
          message = select(2, pcall(require, 'packet'))
        end`,
        async (state) => {
          expect(allowed()).toEqual([true])
          expect(await resultOf(state, 'format')).toBe('10.0.0.1')
          expect(await resultOf(state, 'message')).toBe(
            'no file can be read inside a hook: require modules while the script is loaded',
          )
        },
        { libraries: ['package', 'string', 'data'] },
      ))
  })

  describe('detaching', () => {
    test('ends the calls, and lets the figures of others be', () =>
      withHook('n = 0 function sysctl() n = n + 1 return false end', async (state) => {
        expect(allowed()).toEqual([false])
        if (hasBpftool) expect(fixture.attachments()).toBe(1)
        expect(await state.detach('cgroup/device')).toBe(0)
        expect(await state.detach('cgroup/sysctl')).toBe(1)
        expect(allowed()).toEqual([true])
        if (hasBpftool) expect(fixture.attachments()).toBe(0)
        expect(await state.describe()).toMatchObject({ hooks: [], calls: 0 })
        expect(await resultOf(state, 'n')).toBe(1)
        await state.attach('cgroup/sysctl', { target: fixture.cgroup })
        expect((await hookOf(state)).calls).toBe(0)
        expect(allowed()).toEqual([false])
      }))

    test(
      'what a killed command left unfinished is undone, or finished, by the next one',
      () =>
        withHook('function sysctl() return false end', async (state) => {
          const { memory } = internalsOf(state.states[0] as State)
          const slot = (number: number) => memory.word(MEMORY.CONTROL) + CONTROL.HOOKS + number * HOOK.BYTES
          const pins = join(fixture.bpffs, 'moonring/hooked')
          const hooks = async () => JSON.parse(fixture.done('show', 'hooked', '--json')).hooks.length
          // attached, but not yet marked so
          memory.setWord(slot(0) + HOOK.STATUS, HOOK_STATUS.RESERVED)
          expect([await hooks(), memory.word(slot(0) + HOOK.STATUS)]).toEqual([1, HOOK_STATUS.ACTIVE])
          // reserved, and a program is there, but no link
          await state.attach('cgroup/sysctl', { target: fixture.cgroup })
          unpinLink(join(pins, 'link-1'))
          memory.setWord(slot(1) + HOOK.STATUS, HOOK_STATUS.RESERVED)
          expect([await hooks(), readdirSync(pins)]).toEqual([1, ['link-0', 'memory-0', 'program-0', 'vm-0']])
          // detached, but not yet marked so
          unpinLink(join(pins, 'link-0'))
          expect([await hooks(), readdirSync(pins)]).toEqual([0, ['memory-0', 'vm-0']])
          expect(allowed()).toEqual([true])
          await state.attach('cgroup/sysctl', { target: fixture.cgroup })
          expect([await hooks(), ...allowed()]).toEqual([1, false])
        }),
      TIMEOUT,
    )

    test('destroying detaches', async () => {
      await withHook('function sysctl() return false end', async () => expect(allowed()).toEqual([false]))
      expect(allowed()).toEqual([true])
      if (hasBpftool) expect(fixture.attachments()).toBe(0)
    })

    test('what cannot be attached leaves nothing', async () => {
      const state = await fixture.states.create('refused', {})
      try {
        const attach = (options: AttachOptions, hook = 'cgroup/sysctl') => state.attach(hook, options)
        await expect(attach({ target: fixture.cgroup })).rejects.toMatchObject({
          code: 'BAD_OPTION',
          message: "Cannot attach to cgroup/sysctl: the state has no function 'sysctl'",
        })
        await attach({ target: fixture.cgroup, later: true })
        expect([await state.detach(), await resultOf(state, 'ctl ~= nil')]).toEqual([1, true])
        await state.evaluate({ name: 'eval', text: 'function sysctl() end' }, quiet)
        await expect(attach({ target: fixture.folder })).rejects.toMatchObject({ code: expect.any(String) })
        await expect(attach({ target: `${fixture.folder}/none` })).rejects.toThrow(/ENOENT/)
        await expect(attach({})).rejects.toThrow(/cgroup/)
        await expect(attach({ target: fixture.cgroup }, 'cgroup/none')).rejects.toMatchObject({
          code: 'NO_HOOK',
        })
        await expect(attach({ target: fixture.cgroup, default: 'maybe' })).rejects.toThrow(/maybe/)
        await expect(attach({ target: fixture.cgroup, function: 'f'.repeat(41) })).rejects.toThrow(/longer/)
        expect((await state.describe()).hooks).toEqual([])
        expect(await resultOf(state, '1')).toBe(1)
        // a kernel that refuses the link at last: a directory that is no control group
        await state.evaluate({ name: 'eval', text: 'function connect() end' }, quiet)
        await expect(attach({ cgroup: fixture.folder }, 'cgroup/bind4')).rejects.toThrow()
        const before = (await state.describe()).libraries
        const other = await fixture.states.create('fresh', {})
        await other.evaluate({ name: 'eval', text: 'function sysctl() end' }, quiet)
        await expect(other.attach('cgroup/sysctl', { cgroup: fixture.folder })).rejects.toThrow()
        expect((await other.describe()).libraries).not.toContain('ctl')
        expect(await resultOf(other, 'ctl == nil and linux == nil')).toBe(true)
        await other.destroy()
        expect(before).toContain('ctl')
        // every slot can be used, and none more; a state may be attached several times
        for (let i = 0; i < 3; i++) await attach({ target: fixture.cgroup })
        expect((await state.describe()).hooks).toHaveLength(3)
        expect(await state.detach()).toBe(3)
      } finally {
        await state.destroy()
      }
    })
  })

  describe('the log', () => {
    test('folds the same error, whatever its length, and keeps different ones apart', () =>
      withHook('function sysctl() error(text, 0) end', async (state) => {
        for (const text of ["'one'", "'two'", "'one'", "('y'):rep(9000)", "('y'):rep(9000)", "'one'"]) {
          await state.evaluate({ name: 'eval', text: `text = ${text}` }, quiet)
          allowed()
        }
        const { records } = await state.log()
        const seen = records.map(({ kind, times, text }) => [kind, times, text.split('\n')[0]?.length])
        expect(seen).toEqual([
          ['error', 3, 3],
          ['error', 1, 3],
          ['error', 2, 4096],
        ])
      }))

    test('has records of up to 4 KiB; overflow drops the oldest and counts them', () =>
      withHook("function sysctl() print(i .. ('z'):rep(5000)) i = i + 1 end", async (state) => {
        await state.evaluate({ name: 'eval', text: 'i = 100' }, quiet)
        allowed(20)
        const { records, lost, next } = await state.log()
        expect(records.map(({ text }) => text.length)).toEqual(records.map(() => 4096))
        expect(records.at(-1)?.text.slice(0, 4)).toBe('119z')
        expect(records.map(({ number }) => number)).toEqual(records.map((_, i) => 20 - records.length + i))
        expect(records.length).toBeGreaterThan(13)
        expect([lost, next]).toEqual([20 - records.length, 20])
        expect((await state.describe()).log).toEqual({ records: 20, dropped: 20 - records.length })
        expect((await state.log(18)).records.map(({ number }) => number)).toEqual([18, 19])
        expect(await state.log(20)).toEqual({ records: [], next: 20, lost: 0 })
      }))

    test(
      'can be read while it is written',
      () =>
        withHook(
          "i = 0 function sysctl() i = i + 1 print(i .. ' ' .. (tostring(i) .. ','):rep(i % 50 + 1)) end",
          async (state) => {
            const reads = fixture.startReads(0, 40_000)
            let next = 0
            let seen = 0
            let lost = 0
            let over = false
            reads.ended.then(() => {
              over = true
            })
            for (let last = false; !last; ) {
              last = over
              const part = await state.log(next)
              for (const { number, text, kind } of part.records) {
                const [head = '', list = ''] = text.trimEnd().split(' ')
                expect([kind, Number(head)]).toEqual(['output', number + 1])
                expect(list).toBe(`${head},`.repeat((Number(head) % 50) + 1))
              }
              seen += part.records.length
              lost += part.lost
              next = part.next
              await sleep(1)
            }
            const { calls, log } = await state.describe()
            expect(calls).toBe(40_000)
            expect(log.records).toBe(40_000 - (await hookOf(state)).fallbacks.contended)
            expect(seen + lost).toBe(log.records)
            expect(seen).toBeGreaterThan(100)
          },
        ),
      TIMEOUT,
    )

    test(
      'is followed by the command, until the state is destroyed',
      async () => {
        const follower: { log?: ReturnType<typeof fixture.start> } = {}
        await withHook(
          "function sysctl() if bad then error('again', 0) end print('hello') end",
          async (state) => {
            allowed()
            const log = fixture.start('log', '-f', 'hooked')
            follower.log = log
            await expect.poll(() => log.out, { timeout: 20_000 }).toMatch(/hello\n/)
            await state.evaluate({ name: 'eval', text: 'bad = true' }, quiet)
            allowed()
            await expect.poll(() => log.out, { timeout: 20_000 }).toMatch(/hello\n.*again\n {12} \| stack/)
            allowed(2)
            await expect.poll(() => log.out, { timeout: 20_000 }).toMatch(/\n {12} = again: 3 times by now\n/)
          },
        )
        expect(await follower.log?.ended).toMatchObject({ exit: 0, err: '' })
      },
      TIMEOUT,
    )
  })

  test(
    'a state on every CPU: load and eval reach all',
    () =>
      withHook(
        'n = 0 function sysctl() n = n + 1 return not closed end',
        async (state) => {
          const { replicas } = await state.describe()
          const runs = Array.from({ length: replicas }, (_, cpu) => fixture.startReads(cpu, 100 * (cpu + 1)))
          for (const run of runs) expect(await run.ended).toMatchObject({ exit: 0 })
          const lines: string[] = []
          const write = (text: Uint8Array) => lines.push(Buffer.from(text).toString())
          await state.evaluate({ name: 'eval', text: 'return n' }, write, true)
          expect(lines).toEqual(runs.map((_, cpu) => `CPU ${cpu}: ${100 * (cpu + 1)}\n`))
          expect((await hookOf(state)).fallbacks).toEqual(NONE)
          expect((await hookOf(state)).calls).toBe(100 * ((replicas * (replicas + 1)) / 2))
          await state.load({ name: 'close.lua', text: 'closed = true' }, quiet)
          for (const run of runs.map((_, cpu) => fixture.startReads(cpu, 10)))
            expect((await run.ended).out).toBe('0\n')
          expect(fixture.done('eval', 'hooked', 'n', '--each')).toBe(
            runs.map((_, cpu) => `CPU ${cpu}: ${100 * (cpu + 1) + 10}\n`).join(''),
          )
        },
        { perCpu: true },
      ),
    TIMEOUT,
  )

  test('where the control block is, the lock is free afterwards', () =>
    withHook('function sysctl() end', async (state) => {
      allowed(3)
      const memory = internalsOf(state.states[0] as NonNullable<(typeof state.states)[0]>).memory
      const control = memory.word(MEMORY.CONTROL)
      expect(memory.count(control + CONTROL.LOCK)).toBe(0)
      expect(memory.count(control + CONTROL.MANAGER)).toBe(0)
    }))
})
