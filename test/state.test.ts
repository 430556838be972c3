/** The programming interface: values both ways, bindings, errors, lent blocks, isolation. */
import { expect, test } from 'vitest'
import { CompileError, LuaError, LuaReference, Results, State, StateError } from '../src/index.ts'
import { describeEngines } from './kernel-state.fixture.ts'

const run = (source: string, state: State) => state.loadSync(source, { name: 'test.lua' })

describeEngines('values', (create) => {
  test('from Lua', () => {
    expect(
      run("return nil, true, false, 1, -5, 'text', 1 << 40, math.maxinteger, math.mininteger", create()),
    ).toEqual([null, true, false, 1, -5, 'text', 2 ** 40, 2n ** 63n - 1n, -(2n ** 63n)])
    expect(run("return {1, 2, {3}}, {a = 1}, '\\xff\\x00'", create())).toEqual([
      [1, 2, [3]],
      new Map([['a', 1]]),
      Uint8Array.of(255, 0),
    ])
    expect(run("return print, coroutine.create(print), data.new(3), ('x'):rep(300)", create())).toEqual([
      new LuaReference('function'),
      new LuaReference('thread'),
      new LuaReference('data'),
      'x'.repeat(300),
    ])
    const [cycle] = run('local t = {} t.me = t return t', create()) as [Map<string, unknown>]
    expect(cycle.get('me')).toBe(cycle)
  })

  test('to Lua', () => {
    const state = create()
    run(
      'function show(...) local t = {} for i = 1, select("#", ...) do t[i] = math.type((select(i, ...))) or tostring((select(i, ...))) end return table.concat(t, " ") end',
      state,
    )
    expect(state.callSync('show', 1, 2n ** 40n, true, null, undefined, 'x')).toEqual([
      'integer integer true nil nil x',
    ])
    run(
      'function same(v) return v end function sum(t) local s = 0 for _, v in pairs(t) do s = s + v end return s end',
      state,
    )
    for (const value of [0, -1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 52), 'ä€😀', '', 'y'.repeat(5000)])
      expect(state.callSync('same', value)).toEqual([value])
    expect(state.callSync('same', 2n ** 62n)).toEqual([2n ** 62n])
    expect(state.callSync('sum', [1, 2, 3])).toEqual([6])
    expect(state.callSync('sum', { a: 4, b: 5 })).toEqual([9])
    expect(state.callSync('same', new Map<string, number>([['k', 1]]))).toEqual([new Map([['k', 1]])])
    expect(() => state.callSync('same', 1.5)).toThrow(StateError)
    expect(state.callSync('same', 7)).toEqual([7])
  })
})

describeEngines('bindings', (create) => {
  test('synchronous ones answer with nothing, a value or several', () => {
    const state = create()
    const got: unknown[] = []
    state.register('host', {
      put: (...args) => void got.push(args),
      one: () => 'v',
      many: () => new Results([1, 'b', null, true]),
    })
    expect(
      run("host.put(1, 'x', nil) return host.one(), select('#', host.many()), host.many()", state),
    ).toEqual(['v', 4, 1, 'b', null, true])
    expect(got).toEqual([[1, 'x', null]])
  })

  test('asynchronous ones are waited for, inside coroutines and pcall too', async () => {
    const state = create()
    state.register('host', { later: async (n) => (n as number) + 1 })
    const source =
      'local co = coroutine.wrap(function() local ok, v = pcall(host.later, 1) coroutine.yield(v) return host.later(v) end) return co(), co()'
    expect(await state.load(source)).toEqual([2, 3])
    expect(() => state.loadSync('return host.later(1)')).toThrow(/asynchronously/)
    // the answer that is on its way belongs to no call
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(run('return 1', state)).toEqual([1])
  })

  test('their errors are errors of the script', async () => {
    const state = create()
    state.register('host', {
      bad: () => {
        throw new Error('no such sensor')
      },
      late: async () => {
        throw new Error('too late')
      },
    })
    expect(run('return pcall(host.bad)', state)).toEqual([false, 'no such sensor'])
    expect(await state.load('return pcall(host.late)')).toEqual([false, 'too late'])
    expect(() => run('host.bad()', state)).toThrow('no such sensor')
  })

  test('a state is busy while a binding answers', () => {
    const state = create()
    state.register('host', { again: () => state.callSync('print') as never })
    expect(run('return pcall(host.again)', state)).toEqual([false, expect.stringMatching(/another call/)])
  })
})

describeEngines('errors', (create) => {
  test('carry the value and the traceback', () => {
    const state = create()
    let caught: unknown
    try {
      run('local function f() error({ code = 7 }) end\nf()', state)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(LuaError)
    expect((caught as LuaError).value).toEqual(new Map([['code', 7]]))
    expect((caught as LuaError).traceback).toMatch(/test\.lua:1: in local 'f'\n\ttest\.lua:2: in main chunk/)
  })

  test('of compilation have positions', () => {
    expect(() => run('x = = 1', create())).toThrow(CompileError)
    expect(() => run('return 1.5', create())).toThrow(/float/)
  })

  test('a closed state says so', () => {
    const state = create()
    state.close()
    expect(() => run('return 1', state)).toThrow(/closed/)
  })

  test('bytes cannot be loaded as code', () => {
    expect(run("return load('\\27Lua')", create())).toEqual([null, expect.stringMatching(/binary chunk/)])
    expect(run("return load('MRLC\\1\\0\\0\\0')", create())[0]).toBe(null)
  })
})

describeEngines('calls', (create) => {
  test('interrupt ends an endless loop, and the state lives on', async () => {
    const state = create()
    const call = state.load('while true do end', { name: 'loop' })
    setTimeout(() => state.interrupt(), 30)
    await expect(call).rejects.toThrow('interrupted!')
    expect(run('return 1', state)).toEqual([1])
  })

  test('closing the state ends the call under way', async () => {
    const state = create()
    const call = state.load('while true do end')
    setTimeout(() => state.close(), 30)
    await expect(call).rejects.toThrow(expect.objectContaining({ code: 'CLOSED' }))
  })

  test('paths, globals and missing functions', () => {
    const state = create()
    run('a = { b = { c = function(x) return x * 2 end } } v = 5', state)
    expect(state.callSync('a.b.c', 21)).toEqual([42])
    expect([state.has('a.b.c'), state.has('nothing'), state.getGlobal('v')]).toEqual([true, false, 5])
    state.setGlobal('v', 'new')
    expect(run('return v', state)).toEqual(['new'])
    expect(() => state.callSync('nothing')).toThrow(/attempt to call a nil value/)
  })

  test('iterate hands out what a function yields', () => {
    const state = create()
    run(
      'function count(n) for i = 1, n do local got = coroutine.yield(i) if got then return got end end return "end" end',
      state,
    )
    expect([...state.iterate('count', 3)]).toEqual([[1], [2], [3]])
    const steps = state.iterate('count', 9)
    expect(steps.next().value).toEqual([1])
    expect(steps.next(['stop'])).toEqual({ value: ['stop'], done: true })
    expect(() => run('coroutine.yield()', state)).toThrow(/outside a coroutine/)
  })

  test('slices of any length give the same result', () => {
    const source =
      "local t = {} for i = 1, 300 do t[#t + 1] = ('%d'):format(i) end return table.concat(t, ',')"
    expect(create({ slice: 1 }).loadSync(source)).toEqual(create().loadSync(source))
  })

  test('a lent block dies with the call', () => {
    const state = create()
    run(
      'function keep(b) kept = b return #b, tostring(b) end function use() return kept:segment(0, 1) end',
      state,
    )
    expect(state.callSync('keep', Uint8Array.of(104, 105))).toEqual([2, 'hi'])
    expect(() => state.callSync('use')).toThrow(/data block used after the call/)
  })

  test('calls without garbage in them do not use up the memory', () => {
    const state = create({ memory: 65536 })
    run('function nothing(b) end', state)
    for (let i = 0; i < 20_000; i++) state.callSync('nothing', new Uint8Array(64))
    expect(state.memory.used).toBeLessThan(65536)
  })
})

test('states are isolated', () => {
  const one = new State()
  const two = new State({ libraries: ['string'] })
  one.register('secret', { read: () => 'one' })
  run("shared = 'one' string.rep = nil", one)
  expect(run('return shared, secret, table, string.rep ~= nil', two)).toEqual([null, null, null, true])
})

test.each([
  ['integers', 'i << 20'],
  ['strings', "'k' .. i"],
])('where %s lie in a table depends on the seed', (_, key) => {
  const order = (seed: number) =>
    new State({ seed }).loadSync(`
      local t, keys = {}, {}
      for i = 1, 200 do t[${key}] = i end
      for _, i in pairs(t) do keys[#keys + 1] = i end
      return table.concat(keys, ' ')`)
  expect(order(7)).toEqual(order(7))
  expect(order(8)).not.toEqual(order(7))
})

test('the same seed gives the same state', () => {
  const source =
    "local k = {} for i = 1, 20 do k['x' .. i] = i end local o = {} for n in pairs(k) do o[#o + 1] = n end return table.concat(o), math.random(1 << 30)"
  expect(new State({ seed: 7 }).loadSync(source)).toEqual(new State({ seed: 7 }).loadSync(source))
})
