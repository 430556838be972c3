/**
 * Numbers from the edges of 32 and 64 bits in every argument of every library function and block method: fuel only
 * falls, the heap stays sound, the state stays usable, and results and errors are lua5.4's where that has the function.
 * `npm run fuzz -- --mode arguments` tries more of them.
 */
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BUILTINS } from '../src/isa/library.ts'
import type { StateOptions } from '../src/state/state-options.ts'
import {
  blockMethods,
  CALLEES,
  type Callee,
  EDGES,
  plausible,
  programOf,
} from '../tools/fuzz/argument-cases.ts'
import { ArgumentState, type Outcome } from '../tools/fuzz/argument-check.ts'
import { isOwn } from '../tools/fuzz/arguments-mode.ts'
import { Random } from '../tools/fuzz/random.ts'
import { comparable, runReference } from '../tools/fuzz/reference.ts'
import { ethernet, ipv4, tcp } from '../tools/packets/sample-packets.ts'
import { describeEngines, type MakeState } from './kernel-state.fixture.ts'
import { judge } from './packet-hook.fixture.ts'

const PATIENCE = 300_000

/** All calls with one number from the edges, the other arguments being plausible. */
function callsOf(callee: Callee): string[] {
  const random = new Random(callee.name.length)
  return callee.parameters.flatMap((_, i) =>
    EDGES.flatMap((edge) => {
      const args = callee.parameters.map((parameter, j) => (j === i ? edge : plausible(parameter, random)))
      return [callee.call(args), callee.call(args.slice(0, i + 1))]
    }),
  )
}

/** Runs calls in a state, which must be well afterwards; what came of them. */
function run(create: MakeState, calls: readonly string[]): Outcome[] {
  const state = new ArgumentState((options) => create(options as StateOptions))
  try {
    const outcomes = calls.map((call) => {
      const outcome = state.run(call)
      expect([call, outcome.fault]).toEqual([call, undefined])
      return outcome
    })
    expect([calls, state.check()]).toEqual([calls, undefined])
    return outcomes
  } finally {
    state.close()
  }
}

describeEngines('numbers from the edges', (create) => {
  test.each(CALLEES.map((callee) => [callee.name, callee] as const))(
    '%s',
    (_, callee) => {
      run(create, callsOf(callee))
    },
    PATIENCE,
  )

  test(
    'in several arguments at once',
    () => {
      const calls = fc
        .constantFrom(...CALLEES)
        .chain((callee) =>
          fc
            .tuple(
              ...callee.parameters.map(() => fc.constantFrom(...EDGES)),
              fc.nat(callee.parameters.length),
            )
            .map((drawn) => callee.call(drawn.slice(0, -1).slice(0, drawn.at(-1) as number) as string[])),
        )
      fc.assert(
        fc.property(fc.array(calls, { minLength: 1, maxLength: 10 }), (some) => {
          run(create, some)
        }),
        { numRuns: 60, seed: 14 },
      )
    },
    PATIENCE,
  )
})

const installed = spawnSync('lua5.4', ['-v']).error === undefined

describe.skipIf(!installed)('numbers from the edges mean what they mean in lua5.4', () => {
  test(
    'where that has the function',
    async () => {
      const { State } = await import('../src/index.ts')
      const groups = CALLEES.map((callee) => callsOf(callee).filter((call) => !isOwn(call)))
      const calls = groups.flat()
      const outputs = groups
        .flatMap((group) => run((options) => new State(options), group))
        .map(({ output }) => output)
      const known = calls.flatMap((call, i) =>
        outputs[i] === undefined ? [] : [[call, outputs[i]] as const],
      )
      const expected = runReference(known.map(([call]) => programOf(call)))
      let compared = 0
      for (const [i, [call, output]] of known.entries()) {
        if (!comparable(expected[i])) continue
        compared++
        expect(`${call}: ${output}`).toBe(`${call}: ${expected[i]}`)
      }
      expect(compared).toBeGreaterThan(calls.length / 2)
    },
    PATIENCE,
  )
})

describe('methods of the blocks of a packet', () => {
  const frame = ethernet(ipv4(tcp(1000, 80)))

  test.each(
    ['hdr', 'pld', 'pkt', 'eth'].flatMap((block) =>
      blockMethods(block).map((method) => [block, method.name, method] as const),
    ),
  )('%s, %s', (block, _, method) => {
    const calls = callsOf(method).map((call) => call.replaceAll("data.new('12345678'):", `${block}:`))
    const script = `tried = 0
        local calls = { ${calls.map((call) => `function(hdr, pld, pkt, eth) return ${call} end`).join(', ')} }
        function filter(...)
          tried = tried + 1
          local fine, value = pcall(calls[tried], ...)
          if fine and type(value) == 'userdata' then assert(#value >= 0, 'a block of negative length') end
          return true
        end`
    const judged = judge('tc/ingress', script, { fuel: 5000 })
    for (const call of calls) expect([call, judged(frame)]).not.toContainEqual({ error: expect.anything() })
  })
})

test('every library function of the VM is called', () => {
  const called = new Set(CALLEES.map(({ name }) => name.replace('block:', '')))
  const scripts = BUILTINS.filter(({ name }) => !name.startsWith('%')).map(({ name }) => name)
  expect(scripts.filter((name) => !called.has(name))).toEqual(
    ['print', 'coroutine.yield'].filter((name) => scripts.includes(name)),
  )
})
