/** Integer operators on values at which they tend to go wrong: as parameters, constants, and from memory. */
import type { TestFunction } from './encode-module.fixture.ts'
import { edgeCalls } from './integer-edges.fixture.ts'
import { type Case, testThreeWays } from './three-ways.fixture.ts'
import type { WasmType } from './wasm-operators.ts'

const BINARY = 'add sub mul div_s div_u rem_s rem_u and or xor'.split(' ')
const SHIFTS = 'shl shr_s shr_u rotl rotr'.split(' ')
const UNARY = {
  i32: 'clz ctz popcnt extend8_s extend16_s eqz'.split(' '),
  i64: 'clz ctz popcnt extend8_s extend16_s extend32_s eqz'.split(' '),
}
/** Where parameters are put to be taken from memory. */
const CELL = 64

/** Constants beside which an operator is translated in a way of its own. */
const CONSTANTS: Readonly<Record<WasmType, readonly bigint[]>> = {
  i32: [0n, 1n, -1n, 7n, -(1n << 31n)],
  i64: [0n, 1n, -1n, 1n << 40n, -(1n << 63n)],
}
const COUNTS = [0n, 1n, 31n, 32n, 33n, 63n, 64n, -1n]

const both = (type: WasmType): Pick<TestFunction, 'parameters' | 'result'> => ({
  parameters: [type, type],
  result: type,
})
const one = (type: WasmType): Pick<TestFunction, 'parameters' | 'result'> => ({
  parameters: [type],
  result: type,
})
const suffix = (value: bigint): string => String(value).replace('-', 'm')

/** The operator with both operands as parameters, from memory, the same twice, and through a block. */
function plain(type: WasmType, op: string): TestFunction[] {
  const load = (at: number): string => `i32.const ${at} ${type}.load`
  const store = (at: number, local: number): string => `i32.const ${at} local.get ${local} ${type}.store`
  return [
    { name: op, ...both(type), body: `local.get 0 local.get 1 ${type}.${op}` },
    { name: `${op}_swapped`, ...both(type), body: `local.get 1 local.get 0 ${type}.${op}` },
    { name: `${op}_same`, ...one(type), body: `local.get 0 local.get 0 ${type}.${op}` },
    {
      name: `${op}_loaded`,
      ...both(type),
      body: `${store(CELL, 0)} ${store(CELL + 8, 1)} ${load(CELL)} ${load(CELL + 8)} ${type}.${op}`,
    },
    {
      name: `${op}_kept`,
      ...both(type),
      body: `local.get 0 local.get 1 ${type}.${op} local.get 0 ${type}.xor local.get 1 ${type}.add`,
    },
  ]
}

function withConstants(type: WasmType, op: string, constants: readonly bigint[]): TestFunction[] {
  return constants.flatMap((value) => [
    {
      name: `${op}_right_${suffix(value)}`,
      ...one(type),
      body: `local.get 0 ${type}.const ${value} ${type}.${op}`,
    },
    {
      name: `${op}_left_${suffix(value)}`,
      ...one(type),
      body: `${type}.const ${value} local.get 0 ${type}.${op}`,
    },
  ])
}

/** Both operands constants that only the graph shows to be such: a constant for each way, both the same. */
function foldedLate(type: WasmType, op: string): TestFunction {
  return {
    name: `${op}_late`,
    parameters: [type],
    result: type,
    locals: [type],
    body: `${type}.const 7 local.set 1
      loop local.get 0 ${type}.eqz if ${type}.const 7 local.set 1 end end
      local.get 1 ${type}.const 3 ${type}.${op}`,
  }
}

function caseOf(functions: readonly TestFunction[]): () => Case {
  return () => ({ module: { functions }, calls: edgeCalls(functions) })
}

const CONVERSIONS: readonly TestFunction[] = [
  { name: 'wrap', parameters: ['i64'], result: 'i32', body: 'local.get 0 i32.wrap_i64' },
  { name: 'extend_s', parameters: ['i32'], result: 'i64', body: 'local.get 0 i64.extend_i32_s' },
  { name: 'extend_u', parameters: ['i32'], result: 'i64', body: 'local.get 0 i64.extend_i32_u' },
  {
    name: 'wrap_extend',
    parameters: ['i64'],
    result: 'i64',
    body: 'local.get 0 i32.wrap_i64 i64.extend_i32_s',
  },
  {
    name: 'extend_wrap',
    parameters: ['i32'],
    result: 'i32',
    body: 'local.get 0 i64.extend_i32_u i32.wrap_i64',
  },
  {
    name: 'extend_sum',
    parameters: ['i32', 'i32'],
    result: 'i64',
    body: 'local.get 0 local.get 1 i32.add i64.extend_i32_u local.get 0 i64.extend_i32_s i64.add',
  },
  {
    name: 'wrap_stored',
    parameters: ['i64'],
    result: 'i64',
    body: `i32.const ${CELL} local.get 0 i32.wrap_i64 i32.const 1 i32.add i32.store i32.const ${CELL} i64.load`,
  },
  ...(['i32', 'i64'] as const).flatMap((type) =>
    UNARY[type].flatMap((op): TestFunction[] => {
      const result = op === 'eqz' ? 'i32' : type
      const cell = `i32.const ${CELL} local.get 0 ${type}.store i32.const ${CELL} ${type}.load`
      return [
        { name: `${type}_${op}`, parameters: [type], result, body: `local.get 0 ${type}.${op}` },
        { name: `${type}_${op}_loaded`, parameters: [type], result, body: `${cell} ${type}.${op}` },
        {
          name: `${type}_${op}_computed`,
          parameters: [type],
          result,
          body: `local.get 0 ${type}.const 5 ${type}.mul ${type}.${op}`,
        },
        ...[0n, 1n, -1n, -128n, 0x8000n].map((value) => ({
          name: `${type}_${op}_of_${suffix(value)}`,
          result: result as WasmType,
          body: `${type}.const ${value} ${type}.${op}`,
        })),
      ]
    }),
  ),
]

testThreeWays({
  ...Object.fromEntries(
    (['i32', 'i64'] as const).flatMap((type) => [
      [
        `${type} arithmetic on parameters and memory`,
        caseOf([...BINARY.flatMap((op) => plain(type, op)), ...BINARY.map((op) => foldedLate(type, op))]),
      ],
      [
        `${type} arithmetic with constants`,
        caseOf(BINARY.flatMap((op) => withConstants(type, op, CONSTANTS[type]))),
      ],
      [
        `${type} shifts and rotations`,
        caseOf([
          ...SHIFTS.flatMap((op) => plain(type, op)),
          ...SHIFTS.flatMap((op) => withConstants(type, op, COUNTS)),
        ]),
      ],
    ]),
  ),
  'conversions, sign extension, counting of bits': caseOf(CONVERSIONS),
})
