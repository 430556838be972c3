/**
 * Looks for bugs of the VM's memory management: scripts of test/lua with a collection at every allocation,
 * in states that are too small for them, and with allocations that fail one after the other. Whatever
 * happens, the heap is sound afterwards and the state works.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { check, LuaError, OutOfMemory, State, type StateOptions } from '../src/index.ts'
import { COMMAND, G, MEMORY } from '../src/isa/layout.ts'
import { internalsOf } from '../src/state/state.ts'
import { checkHeap } from './heap-check.ts'

const corpus = join(dirname(fileURLToPath(import.meta.url)), 'lua')

/** Scripts whose output depends on when the collector runs. */
const TIMED = new Set(['gc/finalizers.lua', 'gc/finalizer-order.lua'])

/** About the memory with which gc/churn.lua begins to work. */
const LEAST_FOR_CHURN = 74_752

/** Scripts that end in the compiler have nothing to run. */
const compiles = (name: string): boolean =>
  check(readFileSync(join(corpus, name)), { name: '=x' }).length === 0

const scripts = readdirSync(corpus)
  .flatMap((area) => readdirSync(join(corpus, area)).map((file) => `${area}/${file}`))
  .filter((name) => name.endsWith('.lua') && !TIMED.has(name) && compiles(name))
  .sort()

interface Outcome {
  readonly output: string
  readonly error: LuaError | undefined
  /** Bytes that the state had in use at the most. */
  readonly peak: number
  /** Allocations that were still to succeed before the one that fails. */
  readonly left: number
}

interface Settings extends StateOptions {
  /** Collect at every allocation. */
  readonly stress?: boolean
  /** The allocation that fails, from 1 on. */
  readonly failAt?: number
  /** Slots that a stack may have at the most; 0: as usual. */
  readonly stackSlots?: number
}

/** Runs a script; the heap must be sound afterwards, and the state must work. */
function run(
  name: string,
  { stress = false, failAt = 0, stackSlots = 0, ...options }: Settings = {},
): Outcome {
  let output = ''
  const state = new State({
    fuel: 100_000_000,
    seed: 1,
    ...options,
    output: (bytes) => {
      output += Buffer.from(bytes).toString('latin1')
    },
  })
  const { memory, enter } = internalsOf(state)
  memory.setWord(G.GC_STRESS, stress ? 1 : 0)
  memory.setWord(G.ALLOC_FAIL_AT, failAt)
  if (stackSlots > 0) memory.setWord(G.STACK_SLOTS, stackSlots)
  let error: LuaError | undefined
  try {
    state.loadSync(readFileSync(join(corpus, name)), { name })
  } catch (thrown) {
    if (!(thrown instanceof LuaError)) throw thrown
    error = thrown
  }
  const left = memory.word(G.ALLOC_FAIL_AT)
  memory.setWord(G.GC_STRESS, 0)
  memory.setWord(G.ALLOC_FAIL_AT, 0)
  enter(COMMAND.COLLECT, 0, 0)
  expect(checkHeap(memory)).toEqual([])
  expect(state.loadSync('return 6 * 7')).toEqual([42])
  return { output, error, peak: state.memory.peak, left }
}

/** The same output and error, or the error that there is no memory (which a script may have caught and shown). */
function expectSameOrNoMemory(outcome: Outcome, plain: Outcome): void {
  if (outcome.error instanceof OutOfMemory) return
  if (
    /stack overflow|not enough memory|error in error handling/.test(
      `${outcome.error?.message}${outcome.output}`,
    )
  )
    return
  // without room, the positions that coroutines prepend to a message are left out
  const message = outcome.error?.message ?? ''
  const expected = plain.error?.message ?? ''
  expect(expected.endsWith(message) && (message !== '' || expected === ''), message).toBe(true)
  expect(outcome.output).toBe(plain.output)
}

/** Every n-th script, so that the whole takes seconds. */
const some = (n: number): readonly string[] => scripts.filter((_, i) => i % n === 0)

describe('a collection at every allocation', () => {
  test.each(scripts)('%s', (name) => {
    const plain = run(name)
    const stressed = run(name, { stress: true })
    expect(stressed.output).toBe(plain.output)
    expect(stressed.error?.message).toBe(plain.error?.message)
  })
})

describe('too little memory', () => {
  test.each(scripts)('%s', (name) => {
    const plain = run(name)
    for (let memory = 65536; memory < Math.min(plain.peak + 16384, 400_000); memory += 24_576)
      expectSameOrNoMemory(run(name, { memory }), plain)
  })

  test('in steps of 64 bytes', () => {
    const name = 'gc/churn.lua'
    const plain = run(name)
    let worked = 0
    for (let memory = LEAST_FOR_CHURN - 64 * 50; memory < LEAST_FOR_CHURN + 64 * 50; memory += 64) {
      const outcome = run(name, { memory })
      expectSameOrNoMemory(outcome, plain)
      if (!outcome.error) worked++
    }
    expect(worked).toBeGreaterThan(0)
  })
})

describe('the n-th allocation fails', () => {
  test.each(some(8))('%s', (name) => {
    const plain = run(name)
    for (let failAt = 1; failAt <= 150; failAt++) {
      const outcome = run(name, { failAt })
      expectSameOrNoMemory(outcome, plain)
      if (outcome.left > 0) break // the script makes no more of them
    }
  })
})

describe('each allocation fails in turn, until the script makes no more of them', () => {
  // a few of every kind of object and of every way to grow
  const short = [
    'assign/swap-through-function.lua',
    'close/error-replaces-error.lua',
    'closures/shared-upvalues.lua',
    'coroutines/close-runs-handlers.lua',
    'errors/handlers.lua',
    'metatables/newindex-chain.lua',
    'strings/gsub-anchors-and-limits.lua',
    'varargs/select.lua',
  ]
  test.each(short)(
    '%s',
    (name) => {
      const plain = run(name)
      let failAt = 1
      for (; ; failAt++) {
        const outcome = run(name, { failAt })
        expectSameOrNoMemory(outcome, plain)
        if (outcome.left > 0) break
      }
      expect(failAt).toBeGreaterThan(5)
    },
    120_000,
  )
})

describe('small stacks', () => {
  const deep = [
    'close/errors.lua',
    'coroutines/deep-recursion-inside.lua',
    'coroutines/nested-too-deep.lua',
    'errors/errors-of-handlers.lua',
    'functions/recursion.lua',
    'metatables/index-chain-deep.lua',
    'programs/lisp.lua',
    'strings/gsub-yield.lua',
    'table-library/sort-with-metamethods.lua',
    'varargs/pack-unpack.lua',
  ]
  test.each(deep)('%s', (name) => {
    const plain = run(name)
    for (let stackSlots = 60; stackSlots < 1500; stackSlots = Math.ceil(stackSlots * 1.1)) {
      const outcome = run(name, { stackSlots })
      // a script that catches the overflow goes on with it, whatever it then prints
      if (outcome.error) expect(outcome.error.message).toMatch(/overflow|error in error handling|too many/)
      else if (!/overflow|error handling|false/.test(outcome.output))
        expect(outcome.output).toBe(plain.output)
    }
  })

  test.each(['tables/two-dimensional.lua', 'programs/fizzbuzz-and-classics.lua'])(
    '%s needs few slots',
    (name) => {
      expect(run(name, { stackSlots: 1000 }).output).toBe(run(name).output)
    },
  )

  test('overflow where the others do not', () => {
    const name = 'functions/recursion.lua'
    expect(run(name, { stackSlots: 200 }).error?.message).toMatch(/stack overflow/)
    expect(run(name).error).toBeUndefined()
  })
})

describe('slices of one instruction', () => {
  test.each(some(4))('%s', (name) => {
    const plain = run(name)
    const sliced = run(name, { slice: 1, fuel: 3_000_000 })
    if (sliced.error?.message.endsWith('out of fuel') && !plain.error) return // too long for this test
    expect(sliced.output).toBe(plain.output)
    expect(sliced.error?.message).toBe(plain.error?.message)
  })
})

describe('the heap check itself', () => {
  const fresh = (): State => new State({ seed: 1 })
  const top = (state: State): number => internalsOf(state).memory.word(G.HEAP_TOP)

  test('finds nothing wrong with a fresh state', () => {
    expect(checkHeap(internalsOf(fresh()).memory)).toEqual([])
  })

  test.each([
    ['a count that is off', (s: State): void => internalsOf(s).memory.setWord(G.USED, 8)],
    ['a block of a wrong size', (s: State): void => internalsOf(s).memory.setWord(MEMORY.HEAP, 24)],
    [
      'a reference into the middle of a block',
      (s: State): void => {
        const { memory } = internalsOf(s)
        memory.setWord(G.REGISTRY, memory.word(G.REGISTRY) + 8)
      },
    ],
    ['a raw block that nobody owns', (s: State): void => void internalsOf(s).enter(COMMAND.ALLOC, 64, 0)],
    [
      'a string missing from the intern table',
      (s: State): void => {
        const { memory } = internalsOf(s)
        const table = memory.word(G.STRTAB) + 8
        for (let at = table; ; at += 4)
          if (memory.word(at)) {
            memory.setWord(at, 0)
            return
          }
      },
    ],
  ] as const)('finds %s', (_, damage) => {
    const state = fresh()
    expect(top(state)).toBeGreaterThan(0)
    damage(state)
    expect(checkHeap(internalsOf(state).memory)).not.toEqual([])
  })
})
