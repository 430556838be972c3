/** The checker of the intermediate code finds faults that are put into it. */
import { describe, expect, test } from 'vitest'
import { buildSsa } from './build-ssa.ts'
import { checkIr } from './check-ir.ts'
import { encodeModule } from './encode-module.fixture.ts'
import { type Block, type Func, newBlock, newNode } from './ir.ts'
import { planInlining } from './plan-inlining.ts'
import { randomModule } from './random-module.fixture.ts'
import { readModule } from './read-module.ts'
import { simplify } from './simplify.ts'

const LIMITS = { frames: 7, functions: 100, small: 16 }

/** A loop with a branch in it: entry, header, two ways, and what is behind. */
const BODY = `loop local.get 0 i32.const 1 i32.and if local.get 1 i64.const 3 i64.mul i64.const 1 i64.xor local.set 1 else i32.const 8 local.get 1 i64.store end
  local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end local.get 1`

function build(): Func {
  const functions = [{ name: 'f', parameters: ['i32', 'i64'], result: 'i64', body: BODY } as const]
  const module = readModule(encodeModule({ functions }))
  const [body] = planInlining(module, [0], LIMITS)
  const f = buildSsa(module, body as NonNullable<typeof body>)
  simplify(f)
  return f
}

const header = (f: Func): Block => f.blocks.find(({ isHeader }) => isHeader) as Block
const last = (f: Func): Block => f.blocks.find(({ end }) => end?.kind === 'return') as Block

const FAULTS: Readonly<Record<string, readonly [fault: (f: Func) => void, found: RegExp]>> = {
  'a block without an end': [
    (f) => {
      last(f).end = undefined
    },
    /b\d+ has no end/,
  ],
  'a block that was removed but is a target': [
    (f) => {
      f.blocks = f.blocks.filter((block) => block !== last(f))
    },
    /goes to b\d+, which is gone/,
  ],
  'an edge that its target doesn’t know': [
    (f) => {
      last(f).preds = []
    },
    /b\d+ doesn't know its predecessor b\d+/,
  ],
  'a predecessor that goes elsewhere': [
    (f) => {
      last(f).preds.push(f.entry)
    },
    /b\d+ takes b\d+ for a predecessor/,
  ],
  'a predecessor that is there twice': [
    (f) => {
      const { preds } = last(f)
      preds.push(preds[0] as Block)
    },
    /b\d+ has a predecessor twice/,
  ],
  'a phi with too few arguments': [
    (f) => {
      header(f).phis[0]?.args.pop()
    },
    /v\d+ has 1 arguments in b\d+ with 2 predecessors/,
  ],
  'another block at the beginning': [
    (f) => {
      f.blocks.unshift(Object.assign(newBlock(f), { end: { kind: 'trap', position: -1 } }))
    },
    /the entry is not the first block/,
  ],
  'a value from one way used behind both': [
    (f) => {
      const inside = f.blocks.flatMap(({ nodes }) => nodes).find(({ op }) => op === 'mul')
      const { end } = last(f)
      if (end?.kind === 'return') end.value = inside
    },
    /the end of b\d+ uses v\d+, which doesn't reach it/,
  ],
  'a value used before it is there': [
    (f) => {
      const block = f.blocks.find(({ nodes }) => nodes.some(({ op }) => op === 'mul')) as Block
      block.nodes.reverse()
    },
    /uses v\d+, which doesn't reach it/,
  ],
  'a phi that gets a value from a way on which it is not there': [
    (f) => {
      const phi = f.blocks
        .flatMap(({ phis }) => phis)
        .find(({ type, block }) => type === 'i64' && !block.isHeader)
      phi?.args.reverse()
    },
    /v\d+ gets v\d+ from b\d+, which it doesn't reach/,
  ],
  'a value that is in no block': [
    (f) => {
      const store = f.blocks.flatMap(({ nodes }) => nodes).find(({ kind }) => kind === 'store')
      if (store) store.args[1] = newNode(f, 'load', 'i64', [store.args[0] as never], store.block)
    },
    /uses v\d+, which doesn't reach it/,
  ],
}

describe('the checker', () => {
  test('finds nothing in what is right', () => {
    expect(checkIr(build())).toEqual([])
    const module = readModule(encodeModule(randomModule(3)))
    for (const body of planInlining(module, [...module.exports.values()], LIMITS))
      expect(checkIr(buildSsa(module, body))).toEqual([])
  })

  test.each(Object.entries(FAULTS))('finds %s', (_, [plant, found]) => {
    const f = build()
    plant(f)
    const problems = checkIr(f)
    expect(
      problems.some((problem) => found.test(problem) && problem.startsWith('f: ')),
      problems.join('\n'),
    ).toBe(true)
  })
})
