/** Compiling is part of the sandbox: it costs fuel and memory of the state, can be interrupted, and lets others work. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { CompileError, OutOfFuel, OutOfMemory, State, StateError } from '../src/index.ts'
import { describeEngines } from './kernel-state.fixture.ts'

const TRY = 'function try(text) return load(text, "=x") end'
const LONG = 'x = 1 '.repeat(50_000) // longer than what is compiled at once
const ENDLESS = 'x = 1 '.repeat(2_000_000)

/** How often others get a turn until something has ended. */
async function turnsUntil(what: Promise<unknown>): Promise<number> {
  let [turns, ended] = [0, false]
  const done = what.then(
    () => undefined,
    () => undefined,
  )
  void done.then(() => {
    ended = true
  })
  while (!ended) {
    await pause(1)
    turns++
  }
  return turns
}

describeEngines('compiling in a state', (create) => {
  test('load pays for each byte and token', () => {
    using state = create({ fuel: 1e9 })
    state.loadSync(TRY)
    const fuelOf = (text: string) => {
      expect(state.callSync('try', text)[0]).not.toBeNull()
      return state.fuelUsed
    }
    const [one, more, comment] = [fuelOf('x=1'), fuelOf('x=1 x=1'), fuelOf('x=1--abc')]
    expect(more - one).toBe(3 * 40 + 4)
    expect(comment - one).toBe(5)
  })

  test('a loop of short texts runs out of fuel', () => {
    using state = create({ fuel: 100_000 })
    const count = "n = 0 while true do load 'x = 1' n = n + 1 end"
    expect(() => state.loadSync(count)).toThrow(OutOfFuel)
    expect(state.getGlobal('n')).toBeLessThan(300)
  })

  test('out of fuel while compiling is the error that everything else ends with', () => {
    using state = create({ fuel: 50_000, memory: 1 << 20 })
    state.loadSync(TRY)
    const text = 'x = 1 '.repeat(5000)
    expect(() => state.callSync('try', text)).toThrow(OutOfFuel)
    expect(state.fuelUsed).toBeGreaterThan(45_000) // there is a last bit to clean up with
    state.loadSync('function caught(text) return pcall(load, text) end')
    expect(state.callSync('caught', text)).toEqual([false, 'out of fuel'])
    expect(state.callSync('try', 'return 1')).toHaveLength(1)
  })

  test('a script that the host loads costs its call no fuel', async () => {
    using state = create({ fuel: 20_000 })
    const text = `do return 1 end ${'x = 1 '.repeat(2000)}`
    expect(state.loadSync(text)).toEqual([1])
    expect(await state.load(text)).toEqual([1])
    expect(state.fuelUsed).toBeLessThan(100)
    expect(() => state.loadSync('for i = 1, 19900 do end for i = 1, 19900 do end')).toThrow(OutOfFuel)
    expect(state.loadSync('return 2')).toEqual([2])
  })

  test('the compiler has as much memory as the state allows', () => {
    using state = create({ memory: 1 << 17 })
    state.loadSync('function fill(n) return pcall(load, ("x=1 "):rep(n)) end')
    expect(state.callSync('fill', 10_000)).toEqual([false, 'not enough memory'])
    expect(() => state.loadSync('x=1 '.repeat(20_000))).toThrow(OutOfMemory)
    expect(state.callSync('fill', 100)[0]).toBe(true)
  })
})

describe('a long text', () => {
  test('others work while a long text is compiled', async () => {
    using state = new State({ memory: 16 << 20 })
    state.loadSync('function try(text) return load(text) ~= nil, 7 end')
    const call = state.call('try', LONG)
    expect(await turnsUntil(call)).toBeGreaterThan(5)
    expect(await call).toEqual([true, 7])
    const loading = state.load(`${LONG} return ...`, { args: [8] })
    expect(await turnsUntil(loading)).toBeGreaterThan(5)
    expect(await loading).toEqual([8])
    await expect(state.load(`${LONG} return = 1`)).rejects.toThrow(CompileError)
  })

  test('a compilation is interrupted, and ends when its state is closed', async () => {
    const state = new State({ memory: 32 << 20 })
    state.loadSync('function try(text) return pcall(load, text) end')
    const loading = state.load(ENDLESS)
    setTimeout(() => state.interrupt(), 20)
    await expect(loading).rejects.toThrow('interrupted!')
    const call = state.call('try', ENDLESS)
    setTimeout(() => state.interrupt(), 20)
    expect(await call).toEqual([false, 'interrupted!'])
    const last = state.load(ENDLESS)
    setTimeout(() => state.close(), 20)
    await expect(last).rejects.toThrow(StateError)
  })
})

test('a failure of the compiler is an error that pcall catches', async () => {
  vi.resetModules()
  vi.doMock('../src/lang/generate-table.ts', () => ({
    table: () => {
      throw new TypeError('no reason')
    },
  }))
  const { State: Failing } = (await import('../src/index.ts')) as { State: new () => State }
  const state = new Failing()
  state.loadSync('function try(text) return pcall(load, text, "=x") end')
  const [fine, message] = state.callSync('try', 'local a\nreturn {}')
  expect(fine).toBe(false)
  expect(message).toMatch(/x:2: the compiler failed; please report this with the text: no reason/)
  expect(() => state.loadSync('return {}')).toThrow('the compiler failed')
  expect(state.callSync('try', 'return 1')[0]).toBe(true)
  vi.doUnmock('../src/lang/generate-table.ts')
})
