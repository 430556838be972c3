/** What a script may use, and what happens to one that wants more: the call fails, the state lives on. */
import { expect, test } from 'vitest'
import { LuaError, OutOfFuel, OutOfMemory, StateError } from '../src/index.ts'
import { describeEngines, type MakeState } from './kernel-state.fixture.ts'

const FUEL = 2_000_000

function failure(
  create: MakeState,
  source: string,
  options: { memory?: number; fuel?: number } = {},
): unknown {
  const state = create({ fuel: FUEL, ...options })
  try {
    state.loadSync(source, { name: 'limits.lua' })
    return undefined
  } catch (error) {
    // whatever happened, the state works and can use its memory again
    expect(state.loadSync('return 6 * 7')).toEqual([42])
    expect(state.loadSync("local t = {} for i = 1, 100 do t[i] = 'x' .. i end return #t")).toEqual([100])
    return error
  } finally {
    state.close()
  }
}

describeEngines('fuel', (create) => {
  test.each([
    ['an endless loop', 'while true do end'],
    ['endless tail calls', 'local function f() return f() end f()'],
    ['a coroutine that never ends', 'coroutine.wrap(function() while true do end end)()'],
    ['catastrophic backtracking', "return ('a'):rep(60):find(('a?'):rep(60) .. ('a'):rep(60) .. 'b')"],
    ['a greedy pattern over and over', "local s = ('a'):rep(2000) return s:find('.*.*.*.*.*b')"],
    ['gsub', "local s = ('ab'):rep(500) while true do s:gsub('a', 'c') end"],
    ['concat', "local t = {} for i = 1, 1000 do t[i] = 'abc' end while true do table.concat(t) end"],
    ['sort', 'local t = {} for i = 1, 3000 do t[i] = i * 7919 % 3001 end while true do table.sort(t) end'],
    [
      'sort by a function',
      'local t = {} for i = 1, 3000 do t[i] = -i end while true do table.sort(t, function(a, b) return a > b end) end',
    ],
    ['rep', "while true do local s = ('x'):rep(100000) end"],
  ])('%s ends with OutOfFuel', (_, source) => {
    expect(failure(create, source)).toBeInstanceOf(OutOfFuel)
  })

  test('the error can be caught once, to clean up; then the call ends', () => {
    const printed: string[] = []
    const state = create({ fuel: 10_000, output: (text) => printed.push(Buffer.from(text).toString()) })
    const run = () =>
      state.loadSync('while true do local ok, e = pcall(function() while true do end end) print(ok, e) end', {
        name: 'x',
      })
    expect(run).toThrow(OutOfFuel)
    expect(printed).toEqual(['false\tx:1: out of fuel\n'])
  })

  test('a script that stops in its grace has succeeded', () => {
    const state = create({ fuel: 10_000 })
    expect(state.loadSync('local ok = pcall(function() while true do end end) return ok')).toEqual([false])
  })

  test('every call has its own', () => {
    const state = create({ fuel: 20_000 })
    state.loadSync('function work() for i = 1, 5000 do end end')
    for (let i = 0; i < 20; i++) state.callSync('work')
  })

  test('fuel is counted exactly: one instruction less is too little', () => {
    const source = 'local s = 0 for i = 1, 1000 do s = s + i end return s'
    let low = 1
    let high = 100_000
    while (high - low > 1) {
      const middle = (low + high) >> 1
      const state = create({ fuel: middle })
      try {
        state.loadSync(source)
        high = middle
      } catch {
        low = middle
      }
    }
    expect(high).toBeGreaterThan(2000)
    expect(high).toBeLessThan(2100)
    expect(() => create({ fuel: high - 1 }).loadSync(source)).toThrow(OutOfFuel)
    expect(create({ fuel: high }).loadSync(source)).toEqual([500500])
  })
})

describeEngines('memory', (create) => {
  test.each([
    ['a string of a gigabyte', "return ('x'):rep(1e9 // 1)".replace('1e9 // 1', '1000000000')],
    ['a string that doubles', "local s = 'x' while true do s = s .. s end"],
    ['an array without end', 'local t = {} for i = 1, math.maxinteger do t[i] = i end'],
    ['a table of strings without end', "local t = {} for i = 1, math.maxinteger do t['k' .. i] = i end"],
    ['closures without end', 'local t = {} while true do t = { function() return t end, t } end'],
    ['coroutines without end', 'local t = {} while true do t[#t + 1] = coroutine.create(print) end'],
  ])('%s ends with OutOfMemory', (_, source) => {
    expect(failure(create, source, { fuel: 50_000_000 })).toBeInstanceOf(OutOfMemory)
  })

  test('endless recursion is a stack overflow, which can be caught', () => {
    const error = failure(create, 'local function f() return 1 + f() end f()')
    expect(error).toBeInstanceOf(LuaError)
    expect((error as Error).message).toMatch(/stack overflow/)
    const state = create()
    const [ok, message] = state.loadSync('local function f() return 1 + f() end return pcall(f)', {
      name: 'x',
    })
    expect([ok, message]).toEqual([false, 'x:1: stack overflow'])
  })

  test.each([
    'local t\n\nwhile true do\n  t = { t }\nend\n',
    'local function f()\n  local t\n  repeat\n    t = { t }\n  until false\nend\nf()',
  ])('its position is where the memory ran out: %j', (source) => {
    const error = failure(create, source, { fuel: 50_000_000 }) as Error
    expect(error.message).toBe('limits.lua:4: not enough memory')
  })

  test('the error can be caught, and the memory used again', () => {
    const state = create({ fuel: 50_000_000 })
    const source = `
      local n = 0
      for round = 1, 5 do
        local ok, e = pcall(function() local t = {} for i = 1, math.maxinteger do t[i] = {} end end)
        if not ok and e:find('not enough memory') then n = n + 1 end
      end
      return n`
    expect(state.loadSync(source)).toEqual([5])
  })

  test('garbage is collected within 64 KiB', () => {
    const state = create({ memory: 65536 })
    expect(state.memory.used).toBeLessThan(53 << 10)
    const source = "local n = 0 for i = 1, 20000 do local t = { i, 'x' .. i } n = n + #t end return n"
    expect(state.loadSync(source)).toEqual([40000])
    expect(state.memory.peak).toBeLessThanOrEqual(65536)
  })

  test.each([0, 1000, 65535, 2 ** 31, 1.5])('a limit of %d bytes is refused', (memory) => {
    expect(() => create({ memory })).toThrow(StateError)
  })

  test('a script larger than the memory is refused before it is compiled', () => {
    const state = create({ memory: 65536 })
    expect(() => state.loadSync(' '.repeat(70_000))).toThrow(OutOfMemory)
  })
})
