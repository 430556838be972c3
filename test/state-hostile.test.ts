/**
 * Whatever a program does wrong, it gets a typed error that says what, and the state can be used afterwards: every
 * method, with every kind of wrong value in every place, and hosts whose functions fail or never answer.
 */
import { expect, test } from 'vitest'
import { type Argument, CompileError, LuaError, State, StateError } from '../src/index.ts'
import { internalsOf } from '../src/state/state.ts'
import { checkHeap } from './heap-check.ts'
import { describeEngines } from './kernel-state.fixture.ts'

const SCRIPT = `
  function same(...) return ... end
  function nest(n) local t = {} for i = 1, n do t = { t } end return t end
  function fail(n) error(nest(n)) end
  function yields(n) for i = 1, n do coroutine.yield(i) end return 'end' end`

/** Values that are wrong in most places, and some of which run code, or throw, when they are looked at. */
function hostileValues(): unknown[] {
  const thrower = () => {
    throw new Error('hostile')
  }
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const revokedArray = Proxy.revocable([] as unknown[], {})
  revokedArray.revoke()
  const detached = new Uint8Array(8)
  structuredClone(detached.buffer, { transfer: [detached.buffer] })
  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  const traps = Object.fromEntries(
    ['get', 'getPrototypeOf', 'ownKeys', 'has', 'getOwnPropertyDescriptor'].map((trap) => [trap, thrower]),
  )
  const lengthy = (length: unknown) =>
    new Proxy([], { get: (_, key) => (key === 'length' ? length : undefined) })
  return [
    ...[undefined, null, true, 0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2 ** 64, -(2 ** 64)],
    ...[
      10n ** 30n,
      -(2n ** 63n) - 1n,
      Symbol('s'),
      Symbol.iterator,
      '',
      'a.b.c',
      '\ud800',
      '\0',
      'x'.repeat(5000),
    ],
    ...[
      thrower,
      async () => {},
      class Thing {},
      [],
      {},
      [1, undefined, 3],
      new Array(2 ** 32 - 1),
      new Array(1e7),
    ],
    ...[
      {
        get x() {
          return thrower()
        },
      },
      { toString: thrower, valueOf: thrower },
      { a: { toJSON: thrower } },
    ],
    ...[
      new Proxy({}, traps),
      new Proxy([], traps),
      new Proxy(new Uint8Array(4), {}),
      new Proxy(new Map(), {}),
    ],
    ...[revoked.proxy, revokedArray.proxy, lengthy(1e9), lengthy(-1), lengthy('many'), lengthy(Number.NaN)],
    ...[cyclic, nested(5000), detached, new Uint8Array(1 << 22), new Uint8Array(0), new ArrayBuffer(4)],
    ...[
      new DataView(new ArrayBuffer(4)),
      new Int8Array(3),
      new Float64Array(2),
      new Date(),
      new Set([1]),
      /x/,
    ],
    ...[
      new WeakMap(),
      Promise.resolve(1),
      new Error('e'),
      new (class Point {
        x = 1
      })(),
      Object(5),
      Object('s'),
    ],
    ...[new Map([[null, 1]]), new Map([[Number.NaN, 1]]), new Map([[{}, []]]), new Map([[cyclic, cyclic]])],
    ...[
      { [Symbol('k')]: 1 },
      Object.fromEntries([['then', thrower]]),
      Object.create(null),
      Object.create(Uint8Array.prototype),
    ],
    ...[
      JSON.parse('{"__proto__": 1, "constructor": 2}'),
      Object.freeze([Object.freeze({})]),
      globalThis,
      Math,
    ],
  ] as unknown[]
}

function nested(depth: number): Argument {
  let value: Argument = []
  for (let i = 0; i < depth; i++) value = [value]
  return value
}

/** Gets any value in place of what it is typed to take. */
type Loose = (...args: unknown[]) => unknown

/** All that is called with wrong values; what one does with a value in one of its places. */
function methods(state: State): Record<string, Loose> {
  const loose = state as unknown as Record<string, Loose>
  const call =
    (name: string) =>
    (...args: unknown[]) =>
      (loose[name] as Loose).apply(state, args)
  return {
    callSync: call('callSync'),
    'callSync same': (...args) => call('callSync')('same', ...args),
    'callSync many': (...args) => call('callSync')('same', ...Array(20).fill(1), ...args),
    'callSync field': (value) => call('callSync')('same', { list: [1, { field: value }] }),
    'callSync map': (value) => call('callSync')('same', new Map([[value, value]])),
    call: call('call'),
    'call same': (...args) => call('call')('same', ...args),
    load: call('load'),
    'load args': (value) => call('load')('return ...', { args: [value] }),
    'load options': (value) => call('load')('return 1', value),
    loadSync: call('loadSync'),
    'loadSync name': (value) => call('loadSync')('return 1', { name: value }),
    'loadSync args': (value) => call('loadSync')('return ...', { args: value }),
    loadAndPrint: call('loadAndPrint'),
    getGlobal: call('getGlobal'),
    has: call('has'),
    setGlobal: call('setGlobal'),
    'setGlobal value': (value) => call('setGlobal')('variable', value),
    register: call('register'),
    'register functions': (value) => call('register')('host', value),
    'register function': (value) => call('register')('host', { f: value }),
    withLock: call('withLock'),
    iterate: (...args) => [...(call('iterate')(...args) as Iterable<unknown>)],
    next: (value) => {
      const steps = state.iterate('yields', 2)
      steps.next()
      return (steps.next as Loose)(value)
    },
    'result of a binding': (value) => {
      state.register('giver', { give: () => value as never })
      return state.loadSync('return giver.give()')
    },
    'late result of a binding': (value) => {
      state.register('giver', { give: async () => value as never })
      return state.load('return giver.give()')
    },
    'error of a binding': (value) => {
      const giver = () => {
        throw value
      }
      state.register('giver', { give: giver })
      return state.loadSync('return giver.give()')
    },
    'late error of a binding': (value) => {
      state.register('giver', { give: () => Promise.reject(value) })
      return state.load('return giver.give()')
    },
  }
}

const isTyped = (error: unknown): boolean =>
  error instanceof StateError || error instanceof LuaError || error instanceof CompileError

describeEngines('wrong values', (create) => {
  const names = Object.keys(methods(Object.create(State.prototype) as State))
  test.each(names)('%s', async (name) => {
    const state = create({ seed: 5, fuel: 10_000_000 })
    state.loadSync(SCRIPT)
    for (const [i, value] of hostileValues().entries()) {
      try {
        await (methods(state)[name] as Loose)(value)
      } catch (error) {
        if (name === 'withLock' && typeof value === 'function') continue // what the steps throw
        const thrown = `${name}, value ${i}: ${error instanceof Error ? error.stack : typeof error}`
        expect(isTyped(error), thrown).toBe(true)
        expect((error as Error).message, thrown).not.toMatch(/fault of|\[object|undefined is not/)
      }
      if (!state.has('same')) state.loadSync(SCRIPT)
      expect(state.callSync('same', i, 'text'), `${name}, value ${i}`).toEqual([i, 'text'])
    }
    expect(checkHeap(internalsOf(state).memory)).toEqual([])
    state.close()
  })
})

describeEngines('values that are refused', (create) => {
  test.each<[unknown, string]>([
    [new Date(0), 'argument 1: it is a Date: pass date.getTime()'],
    [{ items: [1, 2, 3, { when: new Date(0) }] }, 'argument 1: .items[3].when is a Date'],
    [[{ 'a key': new Set() }], `argument 1: [0]["a key"] is a Set: pass [...set]`],
    [new Map([[7, { x: 1.5 }]]), 'argument 1: [7].x is 1.5, which is no 64-bit integer'],
    [{ x: 2n ** 63n }, 'argument 1: .x is a bigint that is no 64-bit integer'],
    [{ x: new Int8Array(1) }, 'argument 1: .x is an Int8Array'],
    [{ x: Promise.resolve() }, 'argument 1: .x is a Promise: await it first'],
    [{ x: new TypeError('t') }, 'argument 1: .x is a TypeError: pass its message'],
    [{ x: Symbol('s') }, 'argument 1: .x is a symbol'],
    [
      Object.defineProperty({}, 'x', { enumerable: true, get: () => JSON.parse('?') }),
      "argument 1: it can't be read",
    ],
  ])('%#', (value, message) => {
    const state = create()
    state.loadSync(SCRIPT)
    expect(() => state.callSync('same', value as Argument)).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', message: expect.stringContaining(message) }),
    )
  })

  test('a getter that throws is the cause', () => {
    const state = create()
    state.loadSync(SCRIPT)
    const reason = new Error('no such property')
    const value = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw reason
      },
    })
    expect(() => state.callSync('same', value)).toThrow(expect.objectContaining({ cause: reason }))
    state.register('host', { give: () => value })
    expect(state.loadSync('return pcall(host.give)')).toEqual([
      false,
      expect.stringContaining('the result of host.give'),
    ])
  })
})

describeEngines('hosts that fail', (create) => {
  test('output that throws is an error of the script, with its cause', () => {
    const full = new Error('no space left on device')
    const state = create({
      output: () => {
        throw full
      },
    })
    expect(() => state.loadSync("print('x')")).toThrow(expect.objectContaining({ cause: full }))
    expect(state.loadSync("return pcall(print, 'x')")).toEqual([false, 'no space left on device'])
    state.loadSync("setmetatable({}, { __gc = function() error('lost') end }) collectgarbage()")
    expect(state.loadSync('return 1')).toEqual([1])
  })

  test('what a binding throws is the cause of the LuaError, however deep it came from', async () => {
    const state = create()
    const reason = new TypeError('no such sensor')
    state.register('host', {
      bad: () => {
        throw reason
      },
      late: () => Promise.reject(reason),
    })
    const source = 'local co = coroutine.wrap(function() host.bad() end) co()'
    expect(() => state.loadSync('host.bad()')).toThrow(expect.objectContaining({ cause: reason }))
    expect(() => state.loadSync(source)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/: no such sensor$/), cause: reason }),
    )
    await expect(state.load('host.late()')).rejects.toThrow(expect.objectContaining({ cause: reason }))
    for (const unrelated of ["pcall(host.bad) error('other', 0)", "error('no such sensor', 0)"]) {
      let thrown: unknown
      try {
        state.loadSync(unrelated)
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(LuaError)
      expect((thrown as LuaError).cause).toBe(undefined)
    }
  })

  test('a call that waits for what never answers ends by interrupt, and by close', async () => {
    const state = create()
    let asked = () => {}
    const answers: ((value: number) => void)[] = []
    state.register('host', {
      wait: () => {
        asked()
        return new Promise<number>((resolve) => answers.push(resolve))
      },
    })
    const waiting = () =>
      new Promise<void>((resolve) => {
        asked = resolve
      })
    let begun = waiting()
    const first = state.load('host.wait()')
    await begun
    state.interrupt()
    await expect(first).rejects.toThrow(
      expect.objectContaining({ code: 'LUA_ERROR', message: 'interrupted!' }),
    )
    // the script may catch it; the answer of the first wait isn't that of the second
    begun = waiting()
    const second = state.load('local fine, e = pcall(host.wait) return e, host.wait()')
    await begun
    begun = waiting()
    state.interrupt()
    await begun
    answers[1]?.(1)
    answers[2]?.(2)
    expect(await second).toEqual(['interrupted!', 2])
    begun = waiting()
    const third = state.load('host.wait()')
    await begun
    expect(() => state.callSync('print')).toThrow(expect.objectContaining({ code: 'BUSY' }))
    state.close()
    await expect(third).rejects.toThrow(expect.objectContaining({ code: 'CLOSED' }))
    answers[3]?.(3)
    await new Promise((resolve) => setTimeout(resolve, 1))
  })

  test('the second interruption ends a script that catches the first', async () => {
    const state = create()
    const call = state.load('while true do pcall(function() while true do end end) end')
    setTimeout(() => state.interrupt(), 20)
    setTimeout(() => state.interrupt(), 60)
    await expect(call).rejects.toThrow('interrupted!')
    expect(state.loadSync('return 1')).toEqual([1])
  })

  test.each(['a binding', 'an argument', 'output'])('%s may close the state', async (where) => {
    let state: State | undefined
    const close = () => state?.close()
    state = create({ output: () => where === 'output' && close() })
    state.register('host', { close: () => void close() })
    state.loadSync(SCRIPT)
    const argument = Object.defineProperty({}, 'x', { enumerable: true, get: () => void close() })
    const run = () => {
      if (where === 'an argument') return state?.callSync('same', [argument, 1])
      return state?.loadSync(where === 'output' ? "print('x') a = 1" : 'host.close() a = 1')
    }
    if (where === 'an argument') run()
    else expect(run).toThrow(expect.objectContaining({ code: 'CLOSED' }))
    expect(() => state?.has('a')).toThrow(expect.objectContaining({ code: 'CLOSED' }))
  })
})

describeEngines('iterations', (create) => {
  const make = () => {
    const state = create()
    state.loadSync(SCRIPT)
    return state
  }

  test('that nobody goes on with keep nothing from the state', () => {
    const state = make()
    const steps = state.iterate('yields', 5)
    expect(steps.next().value).toEqual([1])
    expect(state.callSync('same', 7)).toEqual([7])
    expect(() => steps.next()).toThrow(expect.objectContaining({ code: 'ENDED' }))
    expect(state.callSync('same', 8)).toEqual([8])
    expect(() => state.loadSync('coroutine.yield()')).toThrow(/outside a coroutine/)
  })

  test('that are refused leave the call under way alone', async () => {
    const state = make()
    let answer: (value: number) => void = () => {}
    state.register('host', { wait: () => new Promise<number>((resolve) => (answer = resolve)) })
    const call = state.load('return host.wait()')
    expect(() => state.iterate('yields', 1).next()).toThrow(expect.objectContaining({ code: 'BUSY' }))
    answer(5)
    expect(await call).toEqual([5])
  })

  test('end by return, throw, interrupt and close', () => {
    const state = make()
    for (const _ of state.iterate('yields', 5)) break
    const thrown = state.iterate('yields', 5)
    thrown.next()
    expect(() => thrown.throw(new TypeError('mine'))).toThrow('mine')
    const stopped = state.iterate('yields', 5)
    stopped.next()
    state.interrupt()
    expect(state.callSync('same', 1)).toEqual([1])
    expect(() => stopped.next()).toThrow(expect.objectContaining({ code: 'ENDED' }))
    const last = state.iterate('yields', 5)
    last.next()
    state.close()
    expect(() => last.next()).toThrow(expect.objectContaining({ code: 'CLOSED' }))
  })
})

test('a stack of JavaScript that is used up breaks nothing that is not said to be broken', () => {
  const state = new State()
  state.loadSync(SCRIPT)
  const errors = new Set<unknown>()
  const recurse = (n: number): void => {
    try {
      recurse(n + 1)
    } catch {}
    try {
      if (state.callSync('same', n)[0] !== n) errors.add('a wrong result')
    } catch (error) {
      errors.add(
        error instanceof StateError ? error.code : error instanceof RangeError ? 'RangeError' : error,
      )
    }
  }
  recurse(0)
  for (const error of errors) expect(['HOST_LIMIT', 'BROKEN', 'RangeError']).toContain(error)
  if (!errors.has('BROKEN')) expect(state.callSync('same', 1)).toEqual([1])
  else expect(() => state.callSync('same', 1)).toThrow(expect.objectContaining({ code: 'BROKEN' }))
  state.close()
})
