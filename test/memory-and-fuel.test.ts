/** Memory and fuel: what a state may use, how a call ends that wants more, and that the state survives. */
import { expect, test } from 'vitest'
import { LuaError, OutOfFuel, OutOfMemory, type State } from '../src/index.ts'
import { COMMAND, G } from '../src/isa/layout.ts'
import { internalsOf } from '../src/state/state.ts'
import { checkHeap } from './heap-check.ts'
import { describeEngines, type MakeState } from './kernel-state.fixture.ts'

const SMALLEST = 65536
/** Bytes that the VM keeps for instructions that have begun (vm/assembly/memory.ts). */
const RESERVE = 2048
/** Bytes that a fresh state uses, at the most. */
const FRESH = 47 * 1024

/** The same with a seed, so that a failure comes again. */
const seeded =
  (make: MakeState): MakeState =>
  (options) =>
    make({ seed: 3, ...options })

/** What the script ends with. */
function errorOf(state: State, source: string): unknown {
  try {
    state.loadSync(source, { name: 'test.lua' })
  } catch (error) {
    return error
  }
  return undefined
}

/** The next call works, the heap is sound, and no more memory is in use than before. */
function expectUnharmed(state: State, before: number): void {
  const { memory, enter } = internalsOf(state)
  enter(COMMAND.COLLECT, 0, 0)
  expect(state.loadSync('local t = {} for i = 1, 100 do t[i] = i end return #t')).toEqual([100])
  enter(COMMAND.COLLECT, 0, 0)
  enter(COMMAND.COLLECT, 0, 0)
  expect(checkHeap(memory)).toEqual([])
  // the table of interned strings keeps its size, compiled patterns stay
  expect(state.memory.used).toBeLessThan(before + 6 * 1024 + (state.memory.limit >> 4))
}

describeEngines('memory', (make) => {
  const create = seeded(make)
  test('a fresh state with all libraries fits into 64 KiB and leaves a good part of it', ({ annotate }) => {
    const state = create({ memory: SMALLEST })
    const { used } = state.memory
    annotate(`a fresh state uses ${used} bytes`)
    process.stdout.write(`a fresh state uses ${used} bytes\n`)
    expect(used).toBeLessThan(SMALLEST - 8 * 1024)
    expect(state.loadSync("return ('%d'):format(7), #table.pack(1, 2), utf8.char(955)")).toEqual([
      '7',
      2,
      'λ',
    ])
  })

  // docs/safety.md has these figures
  test.each([
    ['all libraries', undefined, 7],
    ['string and table', ['string', 'table'], 12],
    ['none', [], 18],
  ] as const)('64 KiB leave scripts at least what is promised: %s', (_, libraries, kib) => {
    const state = create({ memory: SMALLEST, ...(libraries && { libraries }) })
    const { memory } = internalsOf(state)
    expect(memory.word(G.LIMIT) - memory.word(G.HEAP_TOP) - RESERVE).toBeGreaterThanOrEqual(kib * 1024)
  })

  test.each([65535, 0, -1, 1.5, 2 ** 31, Number.NaN])('a limit of %d bytes is refused', (memory) => {
    expect(() => create({ memory })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
  })

  const HUNGRY: Readonly<Record<string, string>> = {
    'one huge string': "return ('x'):rep(1000000000)",
    'a table that grows': 'local t = {} for i = 1, 1 << 50 do t[i] = i end',
    'a table with string keys': "local t = {} for i = 1, 1 << 50 do t['k' .. i] = true end",
    'tables in tables': 'local t = {} while true do t = { t } end',
    'a string that grows': "local s = 'x' while true do s = s .. s end",
    'many strings': "local t = {} while true do t[#t + 1] = ('x'):rep(100) .. #t end",
    closures: 'local f = print while true do local g = f f = function() return g end end',
    coroutines: 'local t = {} while true do t[#t + 1] = coroutine.create(print) end',
    'boxed integers': 'local t = {} while true do t[#t + 1] = math.mininteger + #t end',
    concat:
      "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(1000) end return table.concat(t), table.concat(t)",
    gsub: "return ('x'):rep(1000):gsub('x', ('y'):rep(100000))",
    blocks: 'local t = {} while true do t[#t + 1] = data.new(1000) end',
    arguments: 'return select("#", table.unpack({}, 1, 190000))',
    pack: "return ('i8'):rep(100000):len(), string.pack(('i8'):rep(10000), 1)",
    'an error message': "error(('x'):rep(1 << 40))",
  }
  const expectNoMemory = (error: unknown): void => {
    if (error instanceof OutOfMemory) {
      expect(error.code).toBe('OUT_OF_MEMORY')
      expect(error.message).toMatch(/not enough memory/)
    } else
      expect((error as LuaError).message).toMatch(/stack overflow|bad argument|too many results|too large/)
  }
  for (const memory of [SMALLEST, 1 << 18, 1 << 20]) {
    test.each(Object.entries(HUNGRY))(`${memory >> 10} KiB: %s`, (_, source) => {
      const state = create({ memory, fuel: 1_000_000_000 })
      const before = state.memory.used
      expectNoMemory(errorOf(state, source))
      expect(state.memory.peak).toBeLessThanOrEqual(memory)
      expectUnharmed(state, before)
    })
  }

  test('a script can catch it, and has its memory back', () => {
    const state = create()
    const [fine, message, free] = state.loadSync(`
      local fine, message = pcall(function() return ('x'):rep(1000000000) end)
      local t = {}
      local grown = pcall(function() for i = 1, 1 << 50 do t[i] = i end end)
      t = nil
      collectgarbage()
      return fine, message, not grown and #('y'):rep(500000)`)
    expect([fine, message, free]).toEqual([false, expect.stringMatching(/not enough memory$/), 500000])
  })

  test('the state works on after many failures', () => {
    const state = create({ memory: SMALLEST })
    for (let i = 0; i < 50; i++) {
      expect(errorOf(state, HUNGRY['a table that grows'] as string)).toBeInstanceOf(OutOfMemory)
      expect(errorOf(state, HUNGRY['many strings'] as string)).toBeInstanceOf(OutOfMemory)
    }
    expectUnharmed(state, FRESH)
  })

  test('garbage alone never ends in an error', () => {
    const state = create({ memory: SMALLEST })
    expect(state.loadSync("local n = 0 for i = 1, 20000 do n = n + #{ i, 'a' .. i } end return n")).toEqual([
      40000,
    ])
    expect(state.loadSync("local s = '' for i = 1, 3000 do s = (s .. i):sub(-90) end return #s")).toEqual([
      90,
    ])
    expect(
      state.loadSync('local m = math.mininteger local x = 0 for i = 0, 50000 do x = m + i end return x - m'),
    ).toEqual([50000])
  })

  test('deep recursion of which garbage is in the way is not a stack overflow', () => {
    const state = create({ memory: 1 << 17 })
    const source = `
      local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
      local best = 0
      for round = 1, 30 do
        for i = 1, 300 do local s = ('x'):rep(80) .. i end
        best = deep(300)
      end
      return best`
    expect(state.loadSync(source)).toEqual([300])
  })

  test('a table in which pairs come and go keeps a quarter of its places free', () => {
    const state = create()
    const [full, after, later] = state.loadSync(`
      t = {}
      local function kib() collectgarbage() return collectgarbage('count') end
      for i = 1, 4095 do t[i * 7919] = true end
      local last, full = 4095, kib()
      local function renew(n)
        for _ = 1, n do
          t[(last - 4094) * 7919], last = nil, last + 1
          t[last * 7919] = true
        end
        return kib()
      end
      return full, renew(100), renew(20000)`) as [number, number, number]
    // 4,096 places of 24 bytes more, once
    expect(after - full).toBeGreaterThan(90)
    expect(later - full).toBeLessThan(100)
  })

  test('a script larger than the memory is refused', () => {
    const state = create({ memory: SMALLEST })
    expect(errorOf(state, `return '${'x'.repeat(100_000)}'`)).toBeInstanceOf(OutOfMemory)
    expectUnharmed(state, FRESH)
  })

  test('arguments that do not fit are refused', () => {
    const state = create({ memory: SMALLEST })
    state.loadSync('function count(...) return select("#", ...) end function length(t) return #t end')
    expect(state.callSync('count', ...Array.from({ length: 200 }, (_, i) => i))).toEqual([200])
    expect(state.callSync('count', ...Array.from({ length: 150 }, (_, i) => i % 2 === 0))).toEqual([150])
    const huge = Array.from({ length: 5000 }, (_, i) => `text ${i}`)
    expect(() => state.callSync('length', huge)).toThrow(OutOfMemory)
    expect(() => state.callSync('length', 'x'.repeat(100_000))).toThrow(OutOfMemory)
    expect(() => state.callSync('length', new Uint8Array(100_000))).toThrow(OutOfMemory)
    expect(() => state.setGlobal('huge', huge)).toThrow(OutOfMemory)
    for (let i = 0; i < 100; i++) expect(state.callSync('length', huge.slice(0, 200))).toEqual([200])
    expectUnharmed(state, FRESH)
  })
})

describeEngines('recursion', (make) => {
  const create = seeded(make)
  test('without end is an error that can be caught', () => {
    const state = create()
    const source = 'local function f() return 1 + f() end return pcall(f)'
    expect(state.loadSync(source)).toEqual([false, expect.stringMatching(/stack overflow/)])
    expect(errorOf(state, 'local function f() return 1 + f() end f()')).toBeInstanceOf(LuaError)
    expectUnharmed(state, FRESH)
  })

  test.each([
    [
      'through pcall',
      'local function f(n) local ok, r = pcall(f, n + 1) return ok and r or n end return f(0)',
    ],
    [
      'through metamethods',
      'local t = setmetatable({}, {}) getmetatable(t).__index = function(_, k) return t[k + 1] end return pcall(function() return t[1] end)',
    ],
    [
      'through tostring',
      'local t = setmetatable({}, { __tostring = function(t) return tostring(t) end }) return pcall(tostring, t)',
    ],
    [
      'through __call',
      'local t = setmetatable({}, {}) getmetatable(t).__call = function(self, n) return 1 + self(n + 1) end return pcall(t, 0)',
    ],
    [
      'through sort',
      'local function f() table.sort({ 3, 2, 1 }, function(a, b) f() return a < b end) end return pcall(f)',
    ],
    ['through gsub', "local function f() return ('x'):gsub('x', f) end return pcall(f)"],
    ['through coroutines', 'local function f() return coroutine.wrap(f)() end return pcall(f)'],
    [
      'of values that call each other without end',
      'local t = setmetatable({}, {}) getmetatable(t).__call = t return pcall(t, 1, 2)',
    ],
    ['in varargs', 'local function f(...) return f(1, ...) + 1 end return pcall(f)'],
    [
      'in __close',
      'local m = {} m.__close = function() local x <close> = setmetatable({}, m) end return pcall(function() local x <close> = setmetatable({}, m) end)',
    ],
  ])('%s', (_, source) => {
    for (const memory of [SMALLEST, 1 << 20]) {
      const state = create({ memory, fuel: 200_000_000 })
      const error = errorOf(state, source)
      if (error !== undefined) expect(error).toBeInstanceOf(LuaError)
      expectUnharmed(state, FRESH)
    }
  })
})

describeEngines('fuel', (make) => {
  const create = seeded(make)
  const ENDLESS: Readonly<Record<string, string>> = {
    loop: 'while true do end',
    'for loop': 'for i = 1, math.maxinteger do end',
    goto: '::again:: goto again',
    recursion: 'local function f() return f() end f()',
    pattern: `(('a'):rep(28)):find(('a?'):rep(28) .. ('a'):rep(28) .. 'b')`,
    'nested pattern': `(('a'):rep(3000)):match('(.-)(.-)(.-)(.-)b')`,
    gsub: "local s = ('a'):rep(20000) while true do s:gsub('a*b', '') end",
    'gsub with a function': "while true do ('abc'):gsub('.', function() end) end",
    sort: 'local t = {} for i = 1, 20000 do t[i] = i * 7919 % 20011 end while true do table.sort(t, function(a, b) return a > b end) end',
    'plain sort':
      'local t = {} for i = 1, 20000 do t[i] = i * 7919 % 20011 end while true do table.sort(t) end',
    concat: "local t = {} for i = 1, 2000 do t[i] = ('x'):rep(100) end while true do table.concat(t) end",
    rep: "while true do ('x'):rep(100000) end",
    unpack: 'local t = {} for i = 1, 1000 do t[i] = i end while true do table.unpack(t) end',
    move: 'local t = {} for i = 1, 1000 do t[i] = i end while true do table.move(t, 1, 1000, 2) end',
    coroutine:
      'local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end',
    metamethod: 'local t = setmetatable({}, { __index = function() end }) while true do local x = t.x end',
    iterator: 'local function f() return 1 end for _ in f do end',
  }
  test.each(Object.entries(ENDLESS))('an endless %s', (_, source) => {
    const state = create({ fuel: 3_000_000 })
    const before = state.memory.used
    const started = performance.now()
    const error = errorOf(state, source)
    expect(error).toBeInstanceOf(OutOfFuel)
    expect((error as OutOfFuel).code).toBe('OUT_OF_FUEL')
    expect(performance.now() - started).toBeLessThan(10_000)
    expectUnharmed(state, before)
  })

  test('what a script catches comes again: a grace to clean up, then the end', () => {
    const state = create({ fuel: 100_000 })
    const source = `
      caught, after = 0, 0
      while true do
        local ok, message = pcall(function() while true do end end)
        caught = caught + 1
        last = message
        for i = 1, 100 do after = after + 1 end
      end`
    expect(errorOf(state, source)).toBeInstanceOf(OutOfFuel)
    expect(state.getGlobal('caught')).toBe(1)
    expect(state.getGlobal('after')).toBe(100)
    expect(state.getGlobal('last')).toMatch(/out of fuel$/)
  })

  test('variables to close are closed in the grace', () => {
    const state = create({ fuel: 10_000 })
    const source =
      'local x <close> = setmetatable({}, { __close = function() closed = true end }) while true do end'
    expect(errorOf(state, source)).toBeInstanceOf(OutOfFuel)
    expect(state.getGlobal('closed')).toBe(true)
  })

  test('nothing is left to be closed when even the grace is spent', () => {
    const state = create({ fuel: 10_000 })
    const source =
      'closed = 0 local x <close> = setmetatable({}, { __close = function() closed = closed + 1 while true do end end }) while true do end'
    expect(errorOf(state, source)).toBeInstanceOf(OutOfFuel)
    expect(state.loadSync('do local y <close> = nil end return closed')).toEqual([1])
  })

  test('a coroutine that was running when the call ended is dead', () => {
    const state = create({ fuel: 10_000 })
    const source = `
      co = coroutine.create(function() while true do end end)
      coroutine.resume(co)
      while true do end`
    expect(errorOf(state, source)).toBeInstanceOf(OutOfFuel)
    expect(state.loadSync('return coroutine.status(co), coroutine.resume(co)')).toEqual([
      'dead',
      false,
      'cannot resume dead coroutine',
    ])
  })

  test('texts that are read from data blocks are paid for', () => {
    const state = create({ fuel: 100_000 })
    const source = `local b = data.new(10000):layout { all = { 0, 10000, 'string' } }
      for i = 1, 1000 do local s = b.all end`
    expect(errorOf(state, source)).toBeInstanceOf(OutOfFuel)
  })

  test.each([
    ['varargs', 'local function f(...) while true do n = n + 1 g(...) end end f(table.unpack(t))'],
    ['results', 'while true do n = n + 1 local x = { u(t, 1, 5000) } end'],
    ['tail calls', 'local function f(...) n = n + 1 return f(...) end f(table.unpack(t))'],
    ['library functions', 'local function f(...) while true do n = n + 1 m(...) end end f(table.unpack(t))'],
    [
      'coroutines',
      'local y = coroutine.wrap(function(...) while true do n = n + 1 coroutine.yield(...) end end) while true do y(table.unpack(t)) end',
    ],
    [
      '__call',
      'local c = setmetatable({}, { __call = g }) local function f(...) while true do n = n + 1 c(...) end end f(table.unpack(t))',
    ],
  ])('many values are paid for: %s', (_, source) => {
    const state = create({ fuel: 100_000 })
    state.loadSync(
      'n, t, g, u, m = 0, {}, function() end, table.unpack, math.max for i = 1, 5000 do t[i] = i end',
    )
    expect(errorOf(state, source)).toBeInstanceOf(OutOfFuel)
    const [rounds] = state.loadSync('return n')
    expect(rounds).toBeGreaterThan(1)
    expect(rounds).toBeLessThan(100_000 / (5000 / 4))
  })

  test('the next call has all of its fuel', () => {
    const state = create({ fuel: 50_000 })
    expect(errorOf(state, 'while true do end')).toBeInstanceOf(OutOfFuel)
    expect(state.loadSync('local n = 0 for i = 1, 10000 do n = n + 1 end return n')).toEqual([10000])
  })

  test('the same work needs the same fuel, whatever the slices', () => {
    const source = 'local n = 0 for i = 1, 1000 do n = n + #tostring(i) end return n'
    const enough = (fuel: number, slice: number): boolean =>
      errorOf(create({ fuel, slice }), source) === undefined
    let low = 1
    let high = 1 << 20
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (enough(middle, 1 << 20)) high = middle
      else low = middle
    }
    expect([enough(high, 7), enough(low, 7)]).toEqual([true, false])
  })
})
