/**
 * The collector with a step behind every allocation, and cycles that follow each other closely, under the scripts of
 * test/lua: they print the same, what the collector relies on holds wherever they are stopped, and the heap is sound.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { check, LuaError, State, type StateOptions } from '../src/index.ts'
import { COMMAND, G } from '../src/isa/layout.ts'
import { StateMemory } from '../src/state/memory.ts'
import { internalsOf } from '../src/state/state.ts'
import { instantiate } from '../src/state/user-engine.ts'
import { checkHeap } from './heap-check.ts'
import { checkMarking } from './marking-check.ts'

const corpus = join(dirname(fileURLToPath(import.meta.url)), 'lua')

/** Scripts whose output depends on when the collector runs, or shows its parameters. */
const TIMED = new Set(['gc/finalizers.lua', 'gc/finalizer-order.lua', 'gc/collectgarbage-parameters.lua'])
/** Marks are checked at so many stops of a script, at the most. */
const CHECKS = 200

const scripts = readdirSync(corpus)
  .flatMap((area) => readdirSync(join(corpus, area)).map((file) => `${area}/${file}`))
  .filter((name) => name.endsWith('.lua') && !TIMED.has(name))
  .filter((name) => check(readFileSync(join(corpus, name)), { name: '=x' }).length === 0)
  .sort()

interface Outcome {
  readonly output: string
  readonly error: string | undefined
  /** Times that the VM was entered. */
  readonly stops: number
}

/** Runs a script; with `every`, in small steps of the collector, with a check at every so many stops. */
function run(name: string, every = 0, options: StateOptions = {}): Outcome {
  let output = ''
  let stops = 0
  const settings = {
    fuel: 100_000_000,
    seed: 1,
    slice: 41,
    ...options,
    output: (bytes: Uint8Array) => {
      output += Buffer.from(bytes).toString('latin1')
    },
  }
  const state = new State(settings, (bytes) => {
    const { enter, ...instance } = instantiate(bytes)
    const memory = new StateMemory(instance.buffer)
    return {
      ...instance,
      enter(command, a, b) {
        const reason = enter(command, a, b)
        if (command !== COMMAND.RUN) return reason
        if (++stops % every === 0) expect(checkMarking(memory)).toEqual([])
        // the next allocation is followed by a step, also where a cycle has just ended
        if (every > 0 && memory.word(G.GC_DEBT) <= 0) memory.setWord(G.GC_DEBT, 1)
        return reason
      },
    }
  })
  const { memory, enter } = internalsOf(state)
  if (every > 0) {
    memory.setWord(G.GC_STEP, 64)
    memory.setWord(G.GC_STEPMUL, 1600)
  }
  let error: string | undefined
  try {
    state.loadSync(readFileSync(join(corpus, name)), { name })
  } catch (thrown) {
    if (!(thrown instanceof LuaError)) throw thrown
    error = thrown.message
  }
  enter(COMMAND.COLLECT, 0, 0)
  expect(checkHeap(memory)).toEqual([])
  return { output, error, stops }
}

describe('a step of the collector at every allocation', () => {
  test.each(scripts)('%s', (name) => {
    const plain = run(name)
    const stepped = run(name, Math.ceil(plain.stops / CHECKS))
    expect(stepped.output).toBe(plain.output)
    expect(stepped.error).toBe(plain.error)
  })
})
