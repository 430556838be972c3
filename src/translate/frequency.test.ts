/** How often blocks are taken to run. */
import { describe, expect, test } from 'vitest'
import { buildSsa } from './build-ssa.ts'
import { encodeModule } from './encode-module.fixture.ts'
import { estimateFrequencies, largestSwitch } from './frequency.ts'
import { type Block, type Func, successors } from './ir.ts'
import { planInlining } from './plan-inlining.ts'
import { readModule } from './read-module.ts'
import { simplify } from './simplify.ts'

function build(body: string, weights?: readonly number[]): Func {
  const functions = [{ name: 'f', parameters: ['i32'], result: 'i32', body } as const]
  const module = readModule(encodeModule({ functions }))
  const [plan] = planInlining(module, [0], { frames: 1, functions: 1, small: 0 })
  const f = buildSsa(module, plan as NonNullable<typeof plan>)
  simplify(f)
  estimateFrequencies(f, weights)
  return f
}

/** The block that stores this number. */
const marked = (f: Func, mark: bigint): Block =>
  f.blocks.find(({ nodes }) =>
    nodes.some(({ kind, args }) => kind === 'store' && args[1]?.value === mark),
  ) as Block
const mark = (number: number): string => `i32.const 8 i32.const ${number} i32.store`

describe('frequencies', () => {
  test('are one at the entry, and halved at a branch', () => {
    const f = build(
      `local.get 0 if ${mark(1)} else ${mark(2)} local.get 0 i32.const 5 i32.eq if ${mark(3)} end end ${mark(4)} local.get 0`,
    )
    expect(f.entry.frequency).toBe(1)
    expect([1n, 2n, 3n, 4n].map((n) => marked(f, n).frequency)).toEqual([0.5, 0.5, 0.25, 1])
  })

  test('are higher in loops, and higher still in loops in loops', () => {
    const next = 'local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0'
    const f = build(
      `${mark(1)} loop ${mark(2)} loop ${mark(3)} ${next} end ${next} end ${mark(4)} local.get 0`,
    )
    const [before, outer, inner] = [1n, 2n, 3n].map((n) => marked(f, n).frequency) as [number, number, number]
    expect(outer).toBeGreaterThan(before)
    expect(inner).toBeGreaterThan(outer)
  })

  const cases = `block block block local.get 0 br_table 0 1 0 2 end ${mark(1)} local.get 0 return end ${mark(2)} local.get 0 return end ${mark(3)} local.get 0`

  test('of a switch’s cases are alike without a profile', () => {
    const f = build(cases)
    const total = successors(largestSwitch(f) as Block).reduce((sum, { frequency }) => sum + frequency, 0)
    expect(total).toBeCloseTo(1)
    expect(marked(f, 3n).frequency).toBeCloseTo(1 / 3)
  })

  test('of a switch’s cases follow the profile', () => {
    const f = build(cases, [70, 10, 15, 5])
    expect([1n, 2n, 3n].map((n) => marked(f, n).frequency)).toEqual([0.85, 0.1, 0.05])
  })
})

test('the largest switch is found', () => {
  const f = build(
    'block block local.get 0 br_table 0 1 end local.get 0 i32.const 1 i32.add br_table 0 0 1 0 end local.get 0',
  )
  const { end } = largestSwitch(f) as Block
  expect(end?.kind === 'switch' && end.targets.length).toBe(4)
  expect(largestSwitch(build('local.get 0'))).toBe(undefined)
})
