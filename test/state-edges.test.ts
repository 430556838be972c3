/** Corners of the driver: values at the edges of their range, many of them, finalizers, states that end badly. */
import { expect, test } from 'vitest'
import { type Argument, LuaError, OutOfMemory, Results, type State, type StateOptions } from '../src/index.ts'
import { COMMAND, G } from '../src/isa/layout.ts'
import { internalsOf } from '../src/state/state.ts'
import { checkHeap } from './heap-check.ts'
import { describeEngines, type MakeState } from './kernel-state.fixture.ts'

const IDENTITY = 'function same(...) return ... end function text(v) return tostring(v) end'

function withIdentity(create: MakeState): State {
  const state = create({ seed: 5 })
  state.loadSync(IDENTITY)
  return state
}

function nested(depth: number): Argument {
  let value: Argument = []
  for (let i = 0; i < depth; i++) value = [value]
  return value
}

function depthOf(value: unknown): number {
  let depth = 0
  for (let at = value; Array.isArray(at) && Array.isArray(at[0]); at = at[0]) depth++
  return depth
}

describeEngines('integers', (create) => {
  const MIN = -(2n ** 63n)
  const MAX = 2n ** 63n - 1n
  test.each([
    0n,
    1n,
    -1n,
    2n ** 31n,
    -(2n ** 31n),
    2n ** 32n - 1n,
    2n ** 53n,
    -(2n ** 53n),
    2n ** 53n + 1n,
    MAX,
    MAX - 1n,
    // the integers that look like tagged words are boxed
    MIN,
    MIN + 1n,
    MIN + 0xffffffffn,
    MIN + 2n ** 32n,
    MIN + 15n * 2n ** 32n,
    MIN + 16n * 2n ** 32n - 1n,
    MIN + 16n * 2n ** 32n,
  ])('%d goes in and out', (value) => {
    const state = withIdentity(create)
    expect(state.callSync('text', value)).toEqual([String(value)])
    const [back] = state.callSync('same', value)
    expect(BigInt(back as bigint)).toBe(value)
    const [inside] = state.callSync('same', [value, { key: value }]) as [[unknown, Map<string, unknown>]]
    expect(BigInt(inside[0] as bigint)).toBe(value)
    expect(BigInt(inside[1].get('key') as bigint)).toBe(value)
    state.register('host', { give: () => value })
    expect(state.loadSync(`return host.give() == ${value === MIN ? 'math.mininteger' : value}`)).toEqual([
      true,
    ])
  })

  test.each([
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
    2 ** 63,
    -(2 ** 64),
    2n ** 63n,
    -(2n ** 63n) - 1n,
    2n ** 64n,
  ])('%d is refused, and the state lives on', (value) => {
    const state = withIdentity(create)
    expect(() => state.callSync('same', value)).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }))
    expect(state.callSync('same', 1)).toEqual([1])
  })
})

describeEngines('many values', (create) => {
  test.each([15, 16, 17, 100, 1000, 5000])('%d arguments and results', (count) => {
    const state = withIdentity(create)
    const { memory } = internalsOf(state)
    const kinds: readonly Argument[][] = [
      Array.from({ length: count }, (_, i) => i),
      Array.from({ length: count }, (_, i) => (i % 3 === 0 ? true : i % 3 === 1 ? 2 ** 40 + i : `text ${i}`)),
      Array.from({ length: count }, () => false),
    ]
    for (const values of kinds) {
      expect(state.callSync('same', ...values)).toEqual(values)
      state.register('host', { all: () => new Results(values) })
      expect(state.loadSync('return host.all()')).toEqual(values)
      expect(checkHeap(memory)).toEqual([])
    }
  })

  test('tables in tables', () => {
    const state = withIdentity(create)
    let deep: Argument = 'bottom'
    for (let i = 0; i < 200; i++) deep = [deep]
    expect(state.callSync('same', deep)).toEqual([deep])
  })

  test('a value that contains itself becomes such a table', () => {
    const state = withIdentity(create)
    const cyclic: Argument[] = [1]
    cyclic.push(cyclic)
    const [list] = state.callSync('same', cyclic) as [unknown[]]
    expect([list[0], list[1] === list]).toEqual([1, true])
    const map = new Map<string, Argument>()
    map.set('self', { map })
    const [back] = state.callSync('same', map) as [Map<string, Map<string, unknown>>]
    expect(back.get('self')?.get('map')).toBe(back)
    const shared = [1, 2]
    const [one, two] = (state.callSync('same', [shared, shared]) as [[unknown, unknown]])[0]
    expect(one).toEqual([1, 2])
    expect(two).toBe(one)
  })

  test('tables may be nested to any depth, both ways', () => {
    const state = withIdentity(create)
    state.loadSync(`
      function nest(n) local t = { n } for i = 1, n do t = { t } end return t end
      function depth(t) local n = 0 while type(t[1]) == 'table' do t, n = t[1], n + 1 end return n end
      function fail(n) error(nest(n)) end`)
    state.register('host', { take: (deep) => depthOf(deep), give: () => nested(5000) })
    const [deep] = state.callSync('nest', 5000)
    expect(depthOf(deep)).toBe(5000)
    expect(state.callSync('depth', nested(5000))).toEqual([5000])
    expect(state.loadSync('return host.take(nest(5000)), depth(host.give())')).toEqual([5000, 5000])
    expect(() => state.callSync('fail', 5000)).toThrow(LuaError)
    expect(state.callSync('same', 1)).toEqual([1])
  })

  test('a table that contains itself comes out as one', () => {
    const [value] = withIdentity(create).loadSync('local t = { 1 } t[2] = t return t') as [unknown[]]
    expect(value[1]).toBe(value)
  })
})

describeEngines('finalizers', (create) => {
  /** A state that logs, and what it has logged. */
  function logging(options: StateOptions = {}): { state: State; log: string[] } {
    const log: string[] = []
    const state = create({
      seed: 5,
      ...options,
      output: (bytes) => log.push(Buffer.from(bytes).toString().trimEnd()),
    })
    return { state, log }
  }

  test('run when the state is closed, last marked first', () => {
    const { state, log } = logging()
    state.loadSync(
      "for i = 1, 20 do _G['kept' .. i] = setmetatable({}, { __gc = function() print(i) end }) end",
    )
    expect(log).toEqual([])
    state.close()
    expect(log).toEqual(Array.from({ length: 20 }, (_, i) => String(20 - i)))
    state.close()
    expect(log.length).toBe(20)
  })

  test('that never end do not keep the state from closing', () => {
    const { state, log } = logging()
    state.loadSync(`
      a = setmetatable({}, { __gc = function() print('a') end })
      b = setmetatable({}, { __gc = function() while true do end end })
      c = setmetatable({}, { __gc = function() print('c') end })`)
    const started = performance.now()
    state.close()
    expect(performance.now() - started).toBeLessThan(5000)
    expect(log[0]).toBe('c')
  })

  test('errors in them are warnings', () => {
    const { state, log } = logging()
    state.loadSync("setmetatable({}, { __gc = function() error('lost', 0) end }) collectgarbage()")
    state.loadSync('setmetatable({}, { __gc = function() error({}) end }) collectgarbage()')
    state.loadSync('setmetatable({}, { __gc = 5 }) collectgarbage()')
    state.loadSync('setmetatable({}, { __gc = xpcall }) collectgarbage()')
    state.loadSync('setmetatable({}, { __gc = function(o) o.x.y = 1 end }) collectgarbage()', { name: 's' })
    // as lua5.4 says it
    expect(log).toEqual([
      'Lua warning: error in __gc (lost)',
      'Lua warning: error in __gc (error object is not a string)',
      "Lua warning: error in __gc (attempt to call a number value (metamethod '__gc'))",
      "Lua warning: error in __gc (bad argument #2 to '__gc' (function expected, got no value))",
      "Lua warning: error in __gc (s:1: attempt to index a nil value (field 'x'))",
    ])
  })

  test('run without being asked for', () => {
    const { state } = logging({ memory: 1 << 17 })
    const [made, finalized] = state.loadSync(`
      local made, finalized = 0, 0
      local m = { __gc = function() finalized = finalized + 1 end }
      for i = 1, 20000 do setmetatable({}, m) made = made + 1 end
      return made, finalized`) as [number, number]
    expect(finalized).toBeGreaterThan(made / 2)
  })

  test('may use bindings', () => {
    const { state } = logging()
    const freed: unknown[] = []
    state.register('host', { free: (id) => void freed.push(id) })
    state.loadSync(
      'for i = 1, 3 do setmetatable({ i }, { __gc = function(o) host.free(o[1]) end }) end collectgarbage()',
    )
    expect(freed).toEqual([3, 2, 1])
  })

  test('in slices of one instruction', () => {
    const { state } = logging({ slice: 1 })
    const [total] = state.loadSync(`
      local total = 0
      local m = { __gc = function(o) total = total + o[1] end }
      local function results(...) collectgarbage() return ... end
      for i = 1, 10 do
        setmetatable({ i }, m)
        local a, b, c = results(i, i + 1, i + 2)
        if a ~= i or b ~= i + 1 or c ~= i + 2 then error('results are lost') end
      end
      collectgarbage()
      return total`)
    expect(total).toBe(55)
  })

  test.each([1, 2, 3, 5, 8, 13, 21, 34])('without memory for the list: allocation %d fails', (failAt) => {
    const { state } = logging()
    const { memory, enter } = internalsOf(state)
    state.loadSync('all = {} m = { __gc = function() end }')
    memory.setWord(G.ALLOC_FAIL_AT, failAt)
    try {
      state.loadSync(`for i = 1, 300 do all[i] = setmetatable({}, m) end all = nil collectgarbage()`)
    } catch (error) {
      expect(error).toBeInstanceOf(OutOfMemory)
    }
    memory.setWord(G.ALLOC_FAIL_AT, 0)
    enter(COMMAND.COLLECT, 0, 0)
    enter(COMMAND.COLLECT, 0, 0)
    expect(checkHeap(memory)).toEqual([])
  })
})

describeEngines('calls that end badly', (create) => {
  test('an interrupted call closes its variables', async () => {
    const state = create({ seed: 5 })
    const call = state.load(`
      local a, b, c <close> = 1, 2, setmetatable({}, { __close = function(_, e) closed = e end })
      local t = { table.unpack({}, 1, 20) }
      while true do local x, y, z = a, b, c end`)
    setTimeout(() => state.interrupt(), 30)
    await expect(call).rejects.toThrow(/interrupted!$/)
    expect(state.getGlobal('closed')).toMatch(/interrupted!$/)
  })

  test('a called value is called with itself, however little memory there is', () => {
    for (let memory = 65536; memory < 65536 + 40_000; memory += 1024) {
      const state = create({ seed: 5, memory })
      try {
        const [wrong] = state.loadSync(`
          local wrong = 0
          local inner = setmetatable({}, { __call = string.rep })
          debug.setmetatable('', { __index = string, __call = string.rep })
          local object = setmetatable({}, { __call = function(self, a, b, c)
            if a ~= 1 or b ~= 2 or c ~= 3 then wrong = wrong + 1 end
            local function deep(n, ...) if n == 0 then return ... end return (deep(n - 1, n, ...)) end
            deep(30)
          end })
          for i = 1, 200 do
            object(1, 2, 3)
            local s = ('ab')(400 + i)
            if #s ~= 800 + 2 * i then wrong = wrong + 1 end
          end
          return wrong`)
        expect(wrong).toBe(0)
      } catch (error) {
        if (!(error instanceof LuaError)) throw error
        expect(error.message).toMatch(/not enough memory|stack overflow/)
      }
    }
  })

  test('nothing of a call that has been given up is left in the next', () => {
    const state = create({ seed: 5 })
    state.register('host', { wait: async () => 1 })
    expect(() =>
      state.loadSync(
        'local x <close> = setmetatable({}, { __close = function() bad = true end }) host.wait()',
      ),
    ).toThrow(expect.objectContaining({ code: 'ASYNC_BINDING' }))
    expect(state.loadSync('do local y <close> = nil end return bad')).toEqual([null])
  })
})
