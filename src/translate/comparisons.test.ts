/** Comparisons wherever they may stand: as a value, a condition, negated, in a selection, with constants. */
import type { TestFunction } from './encode-module.fixture.ts'
import { edgeCalls } from './integer-edges.fixture.ts'
import { testThreeWays } from './three-ways.fixture.ts'
import type { WasmType } from './wasm-operators.ts'

const CONDITIONS = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u'.split(' ')
const CONSTANTS: Readonly<Record<WasmType, readonly bigint[]>> = {
  i32: [0n, 1n, -1n, -(1n << 31n)],
  i64: [0n, -1n, 1n << 32n],
}

/** A comparison's uses; `test` leaves it on the stack. */
const USES: Readonly<Record<string, (test: string) => string>> = {
  value: (test) => test,
  br_if: (test) => `block ${test} br_if 0 i32.const 10 return end i32.const 20`,
  if: (test) => `${test} if (result i32) i32.const 30 else i32.const 40 end`,
  select: (test) => `i32.const 50 i32.const 60 ${test} select`,
  select_long: (test) => `i64.const 0x100000005 i64.const 6 ${test} select i32.wrap_i64`,
  not: (test) => `${test} i32.eqz`,
  not_if: (test) => `${test} i32.eqz if (result i32) i32.const 70 else i32.const 80 end`,
  not_not: (test) => `${test} i32.eqz i32.eqz`,
  both: (test) => `${test} local.tee 2 if local.get 2 i32.const 90 i32.add return end local.get 2`,
  sum: (test) => `${test} ${test} i32.add i32.const 3 i32.shl`,
  loop: (test) =>
    `loop ${test} if local.get 2 i32.const 1 i32.add local.tee 2 i32.const 4 i32.lt_u br_if 1 end end local.get 2`,
}

function functionsOf(type: WasmType, uses: readonly string[]): TestFunction[] {
  return CONDITIONS.flatMap((condition) =>
    uses.map(
      (use): TestFunction => ({
        name: `${condition}_${use}`,
        parameters: [type, type],
        result: 'i32',
        locals: ['i32'],
        body: USES[use]?.(`local.get 0 local.get 1 ${type}.${condition}`) as string,
      }),
    ),
  )
}

/** With constants on either side, of values as they come and of computed ones, whose range the kernel knows. */
function withConstants(type: WasmType): TestFunction[] {
  const operands: Readonly<Record<string, string>> = {
    plain: 'local.get 0',
    range: `local.get 0 ${type}.const 0xff ${type}.and`,
  }
  return CONDITIONS.flatMap((condition) =>
    CONSTANTS[type].flatMap((value, i) =>
      Object.entries(operands).flatMap(([kind, operand]): TestFunction[] => {
        const constant = `${type}.const ${value}`
        const common = { parameters: [type], result: 'i32', locals: ['i32', 'i32'] } as const
        const right = `${operand} ${constant} ${type}.${condition}`
        const left = `${constant} ${operand} ${type}.${condition}`
        return [
          { name: `${condition}_${kind}_right_${i}`, ...common, body: USES.value?.(right) as string },
          { name: `${condition}_${kind}_left_${i}`, ...common, body: USES.br_if?.(left) as string },
        ]
      }),
    ),
  )
}

const WORDS: readonly TestFunction[] = [
  {
    name: 'if_word',
    parameters: ['i32'],
    result: 'i32',
    body: 'local.get 0 if (result i32) i32.const 1 else i32.const 2 end',
  },
  {
    name: 'br_if_word',
    parameters: ['i32'],
    result: 'i32',
    body: 'block local.get 0 br_if 0 i32.const 1 return end i32.const 2',
  },
  {
    name: 'select_word',
    parameters: ['i32', 'i32'],
    result: 'i32',
    body: 'local.get 0 local.get 1 local.get 0 select',
  },
  {
    name: 'select_pick',
    parameters: ['i64', 'i32'],
    result: 'i64',
    body: 'local.get 0 i64.const 1 i64.add local.get 0 local.get 1 select',
  },
  {
    name: 'select_same',
    parameters: ['i64', 'i32'],
    result: 'i64',
    body: 'local.get 0 local.get 0 local.get 1 select',
  },
  {
    name: 'select_constant',
    parameters: ['i64'],
    result: 'i64',
    body: 'local.get 0 i64.const 2 i32.const 0 select',
  },
  {
    name: 'select_long_test',
    parameters: ['i64', 'i64'],
    result: 'i64',
    body: 'local.get 0 local.get 1 local.get 0 local.get 1 i64.gt_s select',
  },
  {
    name: 'select_nested',
    parameters: ['i32', 'i32'],
    result: 'i32',
    body: 'local.get 0 local.get 1 local.get 0 select local.get 1 local.get 0 local.get 1 i32.lt_s select local.get 0 local.get 0 local.get 1 i32.eq select',
  },
  {
    name: 'eqz_chain',
    parameters: ['i32', 'i64'],
    result: 'i32',
    body: 'local.get 0 i32.eqz local.get 1 i64.eqz i32.and local.get 1 i64.const 3 i64.lt_u i32.or i32.eqz',
  },
]

const USE_NAMES = Object.keys(USES)

testThreeWays({
  ...Object.fromEntries(
    (['i32', 'i64'] as const).flatMap((type) => {
      const all: [string, readonly TestFunction[]][] = [
        [`${type} comparisons as values and conditions`, functionsOf(type, USE_NAMES.slice(0, 6))],
        [`${type} comparisons negated, shared, in loops`, functionsOf(type, USE_NAMES.slice(6))],
        [`${type} comparisons with constants`, withConstants(type)],
      ]
      return all.map(([name, functions]) => [
        name,
        () => ({ module: { functions }, calls: edgeCalls(functions) }),
      ])
    }),
  ),
  'words as conditions': () => ({ module: { functions: WORDS }, calls: edgeCalls(WORDS) }),
})
