/**
 * The same VM twice: whatever a script does, a state in the kernel and one in user space print the same, end
 * with the same error and traceback, use the same fuel, and have the same memory, byte for byte.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { G } from '../src/isa/layout.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { PROGRAMS } from '../src/lang/programs.fixture.ts'
import type { LuaError } from '../src/state/errors.ts'
import { internalsOf, State } from '../src/state/state.ts'
import type { StateOptions } from '../src/state/state-options.ts'
import { programOf, sourceOf } from '../tools/fuzz/program.ts'
import { endWarmUp, kernelStates, type MakeState, memoryDifferences } from './kernel-state.fixture.ts'

const corpus = join(import.meta.dirname, 'lua')
/** Instructions: enough for every script, and an endless loop still ends. */
const FUEL = 1_000_000_000
/** Instructions per slice where each may collect all garbage: the kernel stops what runs for 250 ms by the clock. */
const STRESSED_SLICE = 5000
/** Random programs: some of those that random-programs.test.ts compares with lua5.4. */
const SEEDS = Array.from({ length: 60 }, (_, i) => 2 + 4 * i)

/** What a script did, as far as it can be seen from outside. */
interface Outcome {
  readonly output: string
  readonly error: object | undefined
  readonly fuel: number
  readonly memory: State['memory']
}

interface Settings extends StateOptions {
  /** Collect at every allocation. */
  readonly stress?: boolean
  /** The allocation that fails, from 1 on. */
  readonly failAt?: number
}

function outcomeOf(
  create: MakeState,
  source: string | Uint8Array,
  name: string,
  { stress = false, failAt = 0, ...options }: Settings,
) {
  const printed: Uint8Array[] = []
  const state = create({ fuel: FUEL, seed: 1, ...options, output: (bytes) => printed.push(bytes.slice()) })
  const { memory } = internalsOf(state)
  memory.setWord(G.GC_STRESS, stress ? 1 : 0)
  memory.setWord(G.ALLOC_FAIL_AT, failAt)
  let error: object | undefined
  try {
    state.loadSync(source, { name })
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    const { message, value, traceback } = thrown as LuaError
    error = { type: thrown.constructor.name, message, value, traceback }
  }
  const output = Buffer.concat(printed).toString('latin1')
  const outcome: Outcome = { output, error, fuel: state.fuelUsed, memory: state.memory }
  return { state, outcome }
}

describeInKernel('the kernel and user space agree', () => {
  const inKernel = kernelStates(64 << 20)
  const inUserSpace: MakeState = (options) => new State(options)
  beforeAll(endWarmUp)

  function expectAgreement(source: string | Uint8Array, name: string, options: Settings = {}): Outcome {
    const user = outcomeOf(inUserSpace, source, name, options)
    const kernel = outcomeOf(inKernel, source, name, options)
    expect(kernel.outcome).toEqual(user.outcome)
    expect(memoryDifferences(user.state, kernel.state)).toEqual([])
    kernel.state.close()
    user.state.close()
    return kernel.outcome
  }

  const files = readdirSync(corpus).flatMap((area) =>
    readdirSync(join(corpus, area))
      .filter((file) => file.endsWith('.lua'))
      .map((file) => `${area}/${file}`),
  )
  test.each(files.sort())('%s', (file) => {
    expectAgreement(readFileSync(join(corpus, file)), file)
  })

  describe('in slices of 101 instructions', () => {
    test.each(files.filter((_, i) => i % 8 === 0))('%s', (file) => {
      expectAgreement(readFileSync(join(corpus, file)), file, { slice: 101, fuel: 1_000_000 })
    })
  })

  describe('with a collection at every allocation', () => {
    test.each(files.filter((_, i) => i % 8 === 1))('%s', (file) => {
      expectAgreement(readFileSync(join(corpus, file)), file, {
        stress: true,
        slice: STRESSED_SLICE,
        fuel: 100_000_000,
      })
    })
  })

  describe('with an allocation that fails', () => {
    test.each(files.filter((_, i) => i % 16 === 2))('%s', (file) => {
      for (let failAt = 1; failAt <= 150; failAt += 7)
        expectAgreement(readFileSync(join(corpus, file)), file, { failAt })
    })
  })

  test.each(Object.keys(PROGRAMS))('program: %s', (name) => {
    expectAgreement(PROGRAMS[name] as string, name)
  })

  test('random programs', () => {
    for (const seed of SEEDS) expectAgreement(sourceOf(programOf(seed)), `seed-${seed}`, { fuel: 50_000_000 })
  }, 120_000)

  const LIMITED: Readonly<Record<string, readonly [source: string, options?: StateOptions]>> = {
    'an endless loop': ['while true do end', { fuel: 2_000_000 }],
    'a pattern that backtracks': [
      "return ('a'):rep(60):find(('a?'):rep(60) .. ('a'):rep(60) .. 'b')",
      { fuel: 2e6 },
    ],
    'an endless loop whose error is caught': [
      'while true do print(pcall(function() while true do end end)) end',
      { fuel: 100_000 },
    ],
    'a table that grows, 64 KiB': ['local t = {} for i = 1, 1 << 50 do t[i] = i end', { memory: 65536 }],
    'a table that grows, 64 MiB': ['local t = {} for i = 1, 1 << 50 do t[i] = i end', { memory: 64 << 20 }],
    'many strings, 1 MiB': ["local t = {} while true do t[#t + 1] = ('x'):rep(100) .. #t end"],
    'coroutines without end': ['local t = {} while true do t[#t + 1] = coroutine.create(print) end'],
    'recursion without end': ['local function f() return 1 + f() end f()'],
    'an error in an error handler': ['return xpcall(error, function() error() end)'],
    'an error value that is a table': ["error(setmetatable({}, { __tostring = function() return 'T' end }))"],
    'random numbers': ['for i = 1, 100 do print(math.random(0), math.random(i)) end'],
    addresses: ['print({}, print, coroutine.create(print), data.new(3))'],
    'the order of pairs': [
      "local t = {} for i = 1, 99 do t['k' .. i] = i end for k in pairs(t) do print(k) end",
    ],
    'a script that does not compile': ['local x = = 1'],
  }
  test.each(Object.entries(LIMITED))('limits and errors: %s', (name, [source, options]) => {
    expectAgreement(source, name, options)
  })

  test('what is compared differs where two scripts differ', () => {
    const one = inUserSpace({ seed: 1 })
    const other = inKernel({ seed: 1 })
    expect(memoryDifferences(one, other)).toEqual([])
    one.loadSync('x = 1', { name: 'a' })
    other.loadSync('x = 2', { name: 'a' })
    expect(memoryDifferences(one, other)).not.toEqual([])
    expect(memoryDifferences(inUserSpace({ seed: 1 }), inKernel({ seed: 2 }))).not.toEqual([])
  })
})
