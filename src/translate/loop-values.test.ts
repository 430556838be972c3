/** Values that change places from one round of a loop to the next, in registers and in the frame. */
import { expect, test } from 'vitest'
import { encodeModule, type TestFunction } from './encode-module.fixture.ts'
import { OWN, testThreeWays } from './three-ways.fixture.ts'
import { translate } from './translate.ts'
import type { WasmType } from './wasm-operators.ts'

const INPUTS = [
  [0x3333_4444n, 0x8555_6666_f777_8888n],
  [0xff00_ff05n, 3n],
  [0n, 0x7000_0000_0000_0005n],
] as const

/** A loop whose values change places in circles: `circles` of numbers of locals. */
function circles(
  name: string,
  type: WasmType,
  cycles: readonly (readonly number[])[],
  more: number,
): TestFunction {
  const own = cycles.flat()
  const locals: WasmType[] = Array.from({ length: own.length + more }, () => type)
  const others = Array.from({ length: more }, (_, i) => own.length + i + 2)
  const at = (i: number): number => i + 2
  const counter = at(locals.length)
  const set = locals.map(
    (_, i) => `local.get ${type === 'i32' ? 0 : 1} ${type}.const ${i * 5 + 3} ${type}.mul local.set ${at(i)}`,
  )
  const move = cycles.map((cycle) => {
    const from = cycle.map((i) => `local.get ${at(i)}`)
    const to = [...cycle.slice(1), cycle[0] as number].toReversed()
    return `${from.join(' ')} ${to.map((i) => `local.set ${at(i)}`).join(' ')}`
  })
  const touch = others.map((i) => `local.get ${i} local.get ${at(0)} ${type}.xor local.set ${i}`)
  const sum = locals.map(
    (_, i) => `local.get ${at(i)} ${type === 'i64' ? '' : 'i64.extend_i32_u'} i64.add i64.const 9 i64.rotl`,
  )
  return {
    name,
    parameters: ['i32', 'i64'],
    result: 'i64',
    locals: [...locals, 'i32'],
    body: `${set.join(' ')} loop ${move.join(' ')} ${touch.join(' ')}
      local.get ${counter} i32.const 1 i32.add local.tee ${counter} local.get 0 i32.const 7 i32.and i32.le_u br_if 0 end
      i64.const 0 ${sum.join(' ')}`,
  }
}

const CYCLES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  pair: [[0, 1]],
  three: [[0, 1, 2]],
  four: [[0, 1, 2, 3]],
  two_pairs: [
    [0, 3],
    [2, 1],
  ],
  pair_and_three: [
    [4, 0],
    [1, 3, 2],
  ],
}
const PHIS: readonly TestFunction[] = [
  ...(['i32', 'i64'] as const).flatMap((type) =>
    Object.entries(CYCLES).flatMap(([name, cycles]) =>
      [0, 3, 5, 8, 14].map((more) => circles(`${type}_${name}_${more}_more`, type, cycles, more)),
    ),
  ),
  {
    name: 'constants_in_phis',
    parameters: ['i32', 'i64'],
    result: 'i64',
    locals: ['i32', 'i32'],
    body: `loop local.get 0 i32.const 1 i32.and if i64.const 0x123456789 local.set 1 i32.const -7 local.set 2 else
      local.get 3 i32.const 2 i32.gt_u if i64.const -1 local.set 1 else i32.const 0 local.set 2 end end
      i32.const 256 local.get 1 local.get 2 i64.extend_i32_s i64.add i64.store
      local.get 0 i32.const 1 i32.shr_u local.set 0 local.get 3 i32.const 1 i32.add local.tee 3 i32.const 6 i32.lt_u br_if 0 end
      local.get 1 local.get 2 i64.extend_i32_s i64.xor`,
  },
  {
    name: 'lagging',
    parameters: ['i32', 'i64'],

    result: 'i64',
    locals: ['i64', 'i64', 'i64', 'i32'],
    body: `loop local.get 3 local.set 4 local.get 2 local.set 3 local.get 1 local.set 2
      local.get 1 i64.const 3 i64.mul i64.const 1 i64.add local.set 1 local.get 5 i32.const 1 i32.add local.tee 5 i32.const 5 i32.lt_u br_if 0 end
      local.get 2 local.get 3 i64.sub local.get 4 i64.add local.get 1 i64.xor`,
  },
]

testThreeWays({
  'values that change places in loops': () => ({
    module: { functions: PHIS },
    calls: PHIS.flatMap(({ name }) => INPUTS.map(([a, b]) => [name, a, b] as const)),
  }),
})

test('some of them lie in the frame', () => {
  expect(translate(encodeModule({ functions: PHIS }), { memory: OWN }).report.frames).toBeGreaterThan(64)
})
