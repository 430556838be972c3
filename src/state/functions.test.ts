/** Functions that cross the border: how long they live, what they can do, and the forms that values take. */
import { expect, test } from 'vitest'
import { checkHeap } from '../../test/heap-check.ts'
import { describeEngines } from '../../test/kernel-state.fixture.ts'
import { LuaError, LuaFunction, type LuaValue } from '../index.ts'
import { internalsOf, State } from './state.ts'

const one = (values: LuaValue[]): LuaFunction => {
  expect(values[0]).toBeInstanceOf(LuaFunction)
  return values[0] as LuaFunction
}

describeEngines('functions of scripts', (create) => {
  test('can be called, passed back, and released', async () => {
    const state = create()
    const add = one(state.loadSync('local n = 0 return function(d) n = n + d return n end'))
    expect(add.callSync(2)).toEqual([2])
    expect(await add.call(3)).toEqual([5])
    expect(state.loadSync('local f = ... return f(1), f', { args: [add] })).toEqual([6, add])
    expect(one(state.loadSync('return ...', { args: [add] }))).toBe(add)
    add.release()
    add.release()
    expect(() => add.callSync(1)).toThrow(expect.objectContaining({ code: 'RELEASED' }))
    await expect(add.call(1)).rejects.toThrow(expect.objectContaining({ code: 'RELEASED' }))
    expect(() => state.setGlobal('f', add)).toThrow(/the value: it is a function that has been released/)
    expect(checkHeap(internalsOf(state).memory)).toEqual([])
  })

  test('of the library, in tables, as arguments of bindings, and in error values', () => {
    const state = create()
    expect(one(state.loadSync('return string.upper')).callSync('x')).toEqual(['X'])
    const [table] = state.loadSync('return { f = function() return 7 end }') as [Map<string, LuaFunction>]
    expect(table.get('f')?.callSync()).toEqual([7])
    const kept: LuaFunction[] = []
    state.register('events', { on: (_, f) => void kept.push(f as LuaFunction) })
    state.loadSync("events.on('ring', function(who) return 'hello ' .. who end)")
    expect(kept[0]?.callSync('you')).toEqual(['hello you'])
    let thrown: unknown
    try {
      state.loadSync('error({ retry = function() return 8 end })')
    } catch (error) {
      thrown = error
    }
    const value = (thrown as LuaError).value as Map<string, LuaFunction>
    expect(value.get('retry')?.callSync()).toEqual([8])
  })

  test('stay alive while JavaScript holds them, and no longer', () => {
    const state = create()
    state.loadSync('function make() local big = ("x"):rep(20000) return function() return #big end end')
    const held = one(state.callSync('make'))
    state.loadSync('collectgarbage() collectgarbage()')
    expect(held.callSync()).toEqual([20000])
    const before = state.memory.used
    for (let i = 0; i < 200; i++) one(state.callSync('make')).release()
    state.loadSync('collectgarbage() collectgarbage()')
    expect(state.memory.used).toBeLessThan(before + 20000)
    held.release()
    state.loadSync('collectgarbage() collectgarbage()')
    expect(state.memory.used).toBeLessThan(before - 15000)
  })

  test('may be released while a call is under way', () => {
    const state = create()
    const f = one(state.loadSync('return function() end'))
    state.register('host', { free: () => f.release() })
    expect(state.loadSync('host.free() return 1')).toEqual([1])
    expect(state.loadSync('return 2')).toEqual([2])
  })
})

test('a function of another state is refused', () => {
  const f = one(new State().loadSync('return function() end'))
  expect(() => new State().setGlobal('f', [f])).toThrow(/the value: \[0\] is a function of another state/)
})

describeEngines('functions of JavaScript', (create) => {
  test('are passed as arguments, in tables and as results, and are equal to themselves', async () => {
    const state = create()
    const double = (n: LuaValue) => (n as number) * 2
    state.register('host', { give: () => double })
    const source = 'local f, t = ... return f(4), t.f(5), f == t.f, f == host.give(), host.give()(6)'
    expect(state.loadSync(source, { args: [double, { f: double }] })).toEqual([8, 10, true, true, 12])
    state.setGlobal('later', async (n: LuaValue) => Number(n))
    expect(await state.load('return later(3)')).toEqual([3])
    state.setGlobal('bad', () => {
      throw new Error('no')
    })
    expect(() => state.loadSync('bad()')).toThrow('no')
  })

  test('are forgotten when the state has them nowhere any more, and only then', () => {
    const state = create()
    state.loadSync('function call(f) return f() end function keep(f) kept = f end')
    state.callSync('keep', () => 'kept')
    for (let i = 0; i < 5000; i++) expect(state.callSync('call', () => i)).toEqual([i])
    expect(state.loadSync('return kept()')).toEqual(['kept'])
    expect(internalsOf(state).passedFunctions()).toBeLessThan(3000)
  })
})

describeEngines('forms of values', (create) => {
  const BOTH = "return { 1, 2, name = 'x', [true] = {} }"

  test('tables as plain objects', () => {
    const state = create({ tables: 'plain' })
    expect(state.loadSync('return { a = 1, b = { c = { 1, 2 } } }, {}, { 1, 2 }')).toEqual([
      { a: 1, b: { c: [1, 2] } },
      [],
      [1, 2],
    ])
    expect(state.loadSync(BOTH)).toEqual([{ 1: 1, 2: 2, name: 'x', true: [] }])
    // two keys that would become one, and keys that no object has: pairs
    expect(state.loadSync("return { [1] = 'a', ['1'] = 'b' }")[0]).toHaveLength(2)
    expect(state.loadSync("return { [{}] = 'a' }")).toEqual([[[[], 'a']]])
    const [object] = state.loadSync('return { __proto__ = 5, constructor = 6 }') as [object]
    expect(Object.entries(object).sort()).toEqual([
      ['__proto__', 5],
      ['constructor', 6],
    ])
    const [cycle] = state.loadSync('local t = { x = 1 } t.me = t return t') as [{ me: unknown }]
    expect(cycle.me).toBe(cycle)
  })

  test('tables as maps lose nothing in JSON', () => {
    const [both] = create().loadSync(BOTH)
    expect(both).toEqual(
      new Map<unknown, unknown>([
        [1, 1],
        [2, 2],
        ['name', 'x'],
        [true, []],
      ]),
    )
    expect(JSON.parse(JSON.stringify(both))).toEqual({ 1: 1, 2: 2, name: 'x', true: [] })
  })

  test('a table is a sequence by its keys, wherever they lie', () => {
    const source = 'local t = {} for i = 40, 1, -1 do t[i] = i end t[50] = 1 t[50] = nil return t'
    expect(create().loadSync(source)).toEqual([Array.from({ length: 40 }, (_, i) => i + 1)])
    expect(create().loadSync('return { nil, 2 }')).toEqual([new Map([[2, 2]])])
  })

  test('integers as bigints, or as numbers that are exact', () => {
    expect(create({ integers: 'bigint' }).loadSync('return 1, { 2 }, 1 << 60')).toEqual([1n, [2n], 2n ** 60n])
    const numbers = create({ integers: 'number' })
    numbers.register('host', { take: () => 1 })
    expect(numbers.loadSync('return 1, 1 << 50')).toEqual([1, 2 ** 50])
    expect(() => numbers.loadSync('return { 1 << 60 }')).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE' }),
    )
    expect(() => numbers.loadSync('error({ 1 << 60 })')).toThrow(LuaError)
    expect(numbers.loadSync('return pcall(host.take, 1 << 60)')).toEqual([
      false,
      expect.stringMatching(/integers is/),
    ])
    expect(numbers.loadSync('return 2')).toEqual([2])
  })
})

describeEngines('register', (create) => {
  test('extends a library, replaces what was registered, and refuses the rest', () => {
    const state = create()
    state.register('string', { shout: (s) => `${s}!` })
    expect(state.loadSync("return ('x'):rep(2), string.shout('a'), ('b'):shout()")).toEqual([
      'xx',
      'a!',
      'b!',
    ])
    state.register('host', { one: () => 1, two: () => 2 })
    state.register('host', { two: () => 22, three: () => 3 })
    expect(state.loadSync('return host.one(), host.two(), host.three()')).toEqual([1, 22, 3])
    expect(() => state.register('string', { fresh: () => 1, rep: () => 2 })).toThrow(
      expect.objectContaining({ code: 'EXISTS', message: expect.stringContaining("'string.rep'") }),
    )
    expect(state.loadSync('return string.fresh')).toEqual([null])
    expect(() => state.register('print', { f: () => 1 })).toThrow(/no table/)
  })
})

test.each<[object, RegExp]>([
  [{ libs: [] }, /no option 'libs'/],
  [{ engine: 'foo' }, /engine is 'foo', not 'user' or 'kernel'/],
  [{ fuel: Number.NaN }, /fuel is NaN, not an integer/],
  [{ fuel: -1 }, /fuel is -1/],
  [{ memory: '1M' }, /memory is '1M'/],
  [{ libraries: ['strng'] }, /no library 'strng'/],
  [{ tables: 'json' }, /tables is 'json'/],
  [{ output: 5 }, /output is 5, not a function/],
])('options %j are refused', async (options, message) => {
  expect(() => new State(options)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
  await expect(State.create(options)).rejects.toThrow(message)
})
