/** States in the kernel as a program uses them: several at once, many in turn, bindings, limits, closing. */
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { OutOfFuel, OutOfMemory, State, type StateOptions } from '../src/index.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { expectGone, objectsOf } from './bpf-objects.fixture.ts'

const TIMEOUT = 120_000

const inKernel = (options: StateOptions = {}) => State.create({ engine: 'kernel', memory: 65536, ...options })

describeInKernel('a state in the kernel', () => {
  test('is a program that the verifier has read', async () => {
    using state = await inKernel()
    expect(state.program?.processed).toBeGreaterThan(1000)
    expect(state.program?.xlatedLength).toBeGreaterThan(10_000)
    using other = await State.create()
    expect(other.program).toBeUndefined()
  })

  test('answers calls, and asks bindings, synchronous or not', async () => {
    using state = await inKernel()
    state.register('host', { add: (a, b) => Number(a) + Number(b), later: async (n) => Number(n) * 2 })
    await state.load(`
      function sum(...) local s = 0 for _, n in ipairs({ ... }) do s = host.add(s, n) end return s end
      function twice(n) return host.later(n), pcall(host.later, n + 1) end
      function count(n) for i = 1, n do coroutine.yield(i) end return 'end' end
      function compiled(text) return assert(load(text, '=text'))() end`)
    expect(state.callSync('sum', 1, 2, 39)).toEqual([42])
    expect(await state.call('twice', 4)).toEqual([8, true, 10])
    expect([...state.iterate('count', 3)]).toEqual([[1], [2], [3]])
    expect(state.callSync('compiled', 'return 6 * 7')).toEqual([42])
    expect(() => state.callSync('twice', 1)).toThrow(expect.objectContaining({ code: 'ASYNC_BINDING' }))
    expect(state.callSync('sum', 2, 2)).toEqual([4])
  })

  test(
    'works for seconds, while this process goes on',
    async () => {
      using state = await inKernel()
      let turns = 0
      const timer = setInterval(() => turns++, 20)
      const started = performance.now()
      const work = 'local n = 0 for i = 1, 3000000 do n = n + i % 7 end return n'
      while (performance.now() - started < 3000) expect(await state.load(work)).toEqual([8_999_997])
      clearInterval(timer)
      expect(turns).toBeGreaterThan(10)
    },
    TIMEOUT,
  )

  test('lives on when fuel or memory has run out', async () => {
    using state = await inKernel({ fuel: 1_000_000 })
    await expect(state.load('while true do end')).rejects.toThrow(OutOfFuel)
    await expect(state.load("local t = {} while true do t[#t + 1] = 'x' .. #t end")).rejects.toThrow(
      OutOfMemory,
    )
    expect(state.memory.peak).toBeLessThanOrEqual(65536)
    expect(await state.load('return 6 * 7')).toEqual([42])
  })

  test('uses 64 MiB if it may', async () => {
    using state = await inKernel({ memory: 64 << 20 })
    const [length] = await state.load("local s = ('x'):rep(30 << 20) return #s")
    expect(length).toBe(30 << 20)
    expect(state.memory.peak).toBeGreaterThan(30 << 20)
  })

  test('can be interrupted', async () => {
    using state = await inKernel()
    const call = state.load('while true do pcall(error) end')
    setTimeout(() => state.interrupt(), 50)
    await expect(call).rejects.toThrow('interrupted!')
    expect(await state.load('return 1')).toEqual([1])
  })
})

describeInKernel('several states in the kernel', () => {
  test(
    'eight at once have nothing in common',
    async () => {
      const states = await Promise.all(Array.from({ length: 8 }, () => inKernel({ memory: 1 << 18 })))
      for (const [i, state] of states.entries()) {
        state.register('host', { own: () => i })
        await state.load(`mine = ${i} ; string.upper = nil
        function work() local t = {} for i = 1, 300 do t[i] = mine + i end return mine + host.own(), #t end`)
      }
      expect(await Promise.all(states.map((state) => state.call('work')))).toEqual(
        states.map((_, i) => [2 * i, 300]),
      )
      const failing = states.map((state, i) =>
        i % 2 === 0 ? state.load('local t = {} while true do t = { t } end') : state.call('work'),
      )
      for (const [i, ended] of (await Promise.allSettled(failing)).entries())
        expect(ended.status).toBe(i % 2 === 0 ? 'rejected' : 'fulfilled')
      // those that are left work on when others are closed
      for (const state of states.splice(0, 4)) state.close()
      for (const state of states) expect(state.callSync('work')[1]).toBe(300)
      for (const state of states) state.close()
    },
    TIMEOUT,
  )

  test(
    'thirty in turn leave nothing behind',
    async () => {
      const before = objectsOf('self')
      const made = new Set<string>()
      for (let i = 0; i < 30; i++) {
        using state = await inKernel()
        for (const name of objectsOf('self')) made.add(name)
        expect(await state.load(`return ${i}`)).toEqual([i])
      }
      expect(objectsOf('self')).toEqual(before)
      expect(made.size).toBeGreaterThanOrEqual(60 + before.length)
      await expectGone([...made].filter((name) => !before.includes(name)))
    },
    TIMEOUT,
  )
})

describeInKernel('a closed state in the kernel', () => {
  test('refuses every use', async () => {
    const state = await inKernel()
    await state.load('function f() return 1 end function g() coroutine.yield(1) end')
    const { used } = state.memory
    const steps = state.iterate('f')
    state.close()
    state.close()
    const closed = expect.objectContaining({ name: 'StateError', code: 'CLOSED' })
    expect(() => state.callSync('f')).toThrow(closed)
    expect(() => state.loadSync('return 1')).toThrow(closed)
    await expect(state.call('f')).rejects.toEqual(closed)
    await expect(state.load('return 1')).rejects.toEqual(closed)
    expect(() => state.has('f')).toThrow(closed)
    expect(() => state.getGlobal('f')).toThrow(closed)
    expect(() => state.setGlobal('x', 1)).toThrow(closed)
    expect(() => state.register('x', {})).toThrow(closed)
    expect(() => steps.next()).toThrow(closed)
    expect(() => state.interrupt()).not.toThrow()
    expect([state.memory.used, state.fuelUsed, state.program]).toEqual([used, 0, undefined])
  })

  test('ends the call under way', async () => {
    const closed = expect.objectContaining({ name: 'StateError', code: 'CLOSED' })
    const busy = await inKernel()
    const call = busy.load('while true do end')
    await delay(50)
    busy.close()
    await expect(call).rejects.toEqual(closed)

    const yielding = await inKernel()
    yielding.loadSync('function g() while true do coroutine.yield(1) end end')
    const steps = yielding.iterate('g')
    steps.next()
    yielding.close()
    expect(() => steps.next()).toThrow(closed)

    const waiting = await inKernel()
    waiting.register('host', { later: () => delay(50, 1) })
    const answer = waiting.load('return host.later()')
    waiting.close()
    await expect(answer).rejects.toEqual(closed)
  })

  test('has run its finalizers', async () => {
    const printed: string[] = []
    const state = await inKernel({ output: (bytes) => printed.push(Buffer.from(bytes).toString()) })
    await state.load("kept = setmetatable({}, { __gc = function() print('final') end })")
    state.close()
    expect(printed).toEqual(['final\n'])
  })
})

describe('the engine', () => {
  test('kernel is made asynchronously only', () => {
    expect(() => new State({ engine: 'kernel' })).toThrow(/use State.create/)
  })
})
