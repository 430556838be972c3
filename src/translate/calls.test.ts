/**
 * Calls: arguments that change places, values that live across calls and in frames, and chains that have to become
 * shorter.
 */
import { expect, test } from 'vitest'
import { encodeModule, type TestFunction } from './encode-module.fixture.ts'
import { type Call, type Case, OWN, testThreeWays } from './three-ways.fixture.ts'
import { translate } from './translate.ts'
import type { WasmType } from './wasm-operators.ts'

const VALUES = [
  0x1111_2222_3333_4444n,
  0x8555_6666_f777_8888n,
  0xffff_ffff_ffff_ff01n,
  3n,
  0x7000_0000_0000_0005n,
]

const callsOf = (functions: readonly TestFunction[]): Call[] =>
  functions.flatMap(({ name, parameters = [], exported = true }): Call[] =>
    exported
      ? [0, 1, 2].map((shift) => [name, ...parameters.map((_, i) => VALUES[(i + shift) % 5] as bigint)])
      : [],
  )

const caseOf =
  (functions: readonly TestFunction[], options: Case['options'] = {}) =>
  (): Case => ({ module: { functions }, calls: callsOf(functions), options })

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  )
}

const asLong = (type: WasmType, code: string): string => (type === 'i64' ? code : `${code} i64.extend_i32_u`)
const convert = (from: WasmType, to: WasmType): string =>
  from === to ? '' : to === 'i64' ? 'i64.extend_i32_s' : 'i32.wrap_i64'

/** Tells its arguments apart, and is too large to be put in the place of calls. */
function mixer(name: string, parameters: readonly WasmType[]): TestFunction {
  const parts = parameters.map((type, i) => `i64.const 31 i64.mul ${asLong(type, `local.get ${i}`)} i64.add`)
  const body = `i64.const ${parameters.length} ${parts.join(' ')} i64.const 7 i64.rotl`
  return { name, parameters, result: 'i64', body, exported: true }
}

/** A function whose parameters go to a mixer in another order. */
function permuted(types: readonly WasmType[], order: readonly number[], callee: number): TestFunction {
  const args = order.map(
    (from, i) => `local.get ${from} ${convert(types[from] as WasmType, types[i] as WasmType)}`,
  )
  return {
    name: `order_${order.join('')}`,
    parameters: types,
    result: 'i64',
    body: `${args.join(' ')} call ${callee}`,
  }
}

function allOrders(types: readonly WasmType[]): TestFunction[] {
  const orders = permutations(types.map((_, i) => i))
  return [mixer('mix', types), ...orders.map((order) => permuted(types, order, 0))]
}

const FIVE: readonly (readonly WasmType[])[] = [
  ['i64', 'i64', 'i64', 'i64', 'i64'],
  ['i32', 'i32', 'i32', 'i32', 'i32'],
  ['i32', 'i64', 'i32', 'i64', 'i32'],
]

/** Up to five arguments, with constants, twice the same, computed and loaded ones between them. */
const ARGUMENTS: readonly TestFunction[] = [
  { name: 'none', result: 'i64', body: 'i64.const 5' },
  mixer('one', ['i32']),
  mixer('two', ['i64', 'i32']),
  mixer('three', ['i32', 'i64', 'i32']),
  mixer('four', ['i64', 'i32', 'i64', 'i32']),
  mixer('five', ['i32', 'i64', 'i32', 'i64', 'i64']),
  {
    name: 'stores',
    parameters: ['i32', 'i64'],
    body: 'local.get 0 i32.const 0xff8 i32.and local.get 1 i64.store offset=256',
  },
  {
    name: 'all',
    parameters: ['i32', 'i64', 'i32', 'i64', 'i32'],
    result: 'i64',
    body: `call 0 local.get 4 call 1 i64.xor local.get 3 local.get 0 call 2 i64.xor local.get 2 local.get 1 local.get 0 call 3 i64.xor
      local.get 1 local.get 2 local.get 3 local.get 4 call 4 i64.xor local.get 4 local.get 3 local.get 2 local.get 1 local.get 3 call 5 i64.xor`,
  },
  {
    name: 'constants',
    parameters: ['i32', 'i64'],
    result: 'i64',
    body: `i32.const -1 local.get 1 local.get 0 i64.const -1 i64.const 0x123456789abcdef call 5
      local.get 0 i64.const 7 local.get 0 i64.const 0x80000000 local.get 1 call 5 i64.sub`,
  },
  {
    name: 'computed',
    parameters: ['i32', 'i64', 'i32'],
    result: 'i64',
    body: `local.get 2 i32.const 1 i32.add local.get 1 i64.const 3 i64.mul local.get 0 local.get 2 i32.sub local.get 1 local.get 0 i64.extend_i32_s i64.sub
      i32.const 512 i64.load call 5 local.get 0 local.get 1 call 6`,
  },
  {
    name: 'results_as_arguments',
    parameters: ['i32', 'i64'],
    result: 'i64',
    body: `local.get 0 local.get 1 local.get 0 call 2 local.get 1 i32.wrap_i64 local.get 0 call 1 local.get 1 call 5
      i32.wrap_i64 call 1`,
  },
  {
    name: 'in_a_loop',
    parameters: ['i32', 'i64'],
    result: 'i64',
    locals: ['i32'],
    body: `loop local.get 1 local.get 2 call 2 local.set 1 local.get 2 local.get 1 call 6
      local.get 2 i32.const 1 i32.add local.tee 2 i32.const 25 i32.lt_s br_if 0 end local.get 1`,
  },
  {
    name: 'result_dropped',
    parameters: ['i64'],
    result: 'i64',
    body: 'local.get 0 i32.const 1 call 2 drop local.get 0',
  },
]

/** Many values that all live across a call, so that most of them lie in the frame. */
function crowded(name: string, count: number, types: (i: number) => WasmType, callee: string): TestFunction {
  const locals = Array.from({ length: count }, (_, i) => types(i))
  const at = (i: number): number => i + 2
  const set = locals.map(
    (type, i) =>
      `local.get ${i % 2} ${convert(i % 2 ? 'i64' : 'i32', type)} ${type}.const ${i * 3 + 1} ${type}.mul ${type}.const ${i} ${type}.xor local.set ${at(i)}`,
  )
  const change = locals.map((type, i) =>
    i % 3 === 0
      ? `local.get ${at(i)} local.get ${at((i + 7) % count)} ${convert(types((i + 7) % count), type)} ${type}.add local.set ${at(i)}`
      : '',
  )
  const sum = locals.map((type, i) => `${asLong(type, `local.get ${at(i)}`)} i64.add i64.const 5 i64.rotl`)
  return {
    name,
    parameters: ['i32', 'i64'],
    result: 'i64',
    locals,
    body: `${set.join(' ')} ${callee} ${change.join(' ')} ${callee} i64.add ${sum.join(' ')}`,
  }
}

const mixed = (i: number): WasmType => (i % 2 ? 'i64' : 'i32')
const CROWDED: readonly TestFunction[] = [
  mixer('mix', ['i32', 'i64']),
  crowded('twenty_across_calls', 20, mixed, 'local.get 0 local.get 1 call 0'),
  crowded('twenty_short_across_calls', 20, () => 'i32', 'local.get 2 local.get 1 call 0'),
  crowded('twenty_long_across_calls', 20, () => 'i64', 'local.get 0 local.get 5 call 0'),
  crowded('five_across_calls', 5, mixed, 'local.get 0 local.get 1 call 0'),
  crowded('twenty_without_calls', 20, mixed, 'local.get 1'),
  crowded('nine_without_calls', 9, mixed, 'local.get 1'),
  crowded('frames_below_frames', 20, mixed, 'local.get 0 local.get 1 call 5'),
  {
    name: 'four_across_a_call_and_an_address',
    parameters: ['i64', 'i64', 'i64', 'i64', 'i64'],
    result: 'i64',
    body: `i32.const 64 local.get 4 i64.store i32.const 5 local.get 1 call 0
      local.get 0 i64.add local.get 1 i64.xor local.get 2 i64.add local.get 3 i64.xor`,
  },
  {
    name: 'five_parameters_and_more',
    parameters: ['i32', 'i64', 'i32', 'i64', 'i32'],
    result: 'i64',
    locals: ['i64', 'i32', 'i64', 'i32', 'i64', 'i32'],
    body: `i32.const 64 i64.load local.set 5 i32.const 72 i32.load local.set 6 i32.const 80 i64.load local.set 7 i32.const 88 i32.load local.set 8
      loop local.get 9 local.get 5 i64.add local.get 1 i64.xor local.get 7 i64.add local.get 3 i64.sub local.set 9
      local.get 10 local.get 6 i32.add local.get 8 i32.xor local.get 0 i32.add local.get 2 i32.sub local.get 4 i32.add local.set 10
      i32.const 96 local.get 10 i32.store local.get 8 i32.const 1 i32.add local.tee 8 i32.const 7 i32.and br_if 0 end
      local.get 9 local.get 10 i64.extend_i32_u i64.add`,
  },
  {
    name: 'in_a_loop',
    parameters: ['i32', 'i64'],
    result: 'i64',
    locals: [...Array.from({ length: 12 }, (_, i) => mixed(i)), 'i32'],
    body: `loop ${Array.from({ length: 12 }, (_, i) => {
      const type = mixed(i)
      const next = 2 + ((i + 1) % 12)
      return `local.get ${2 + i} local.get ${next} ${convert(mixed(i + 1), type)} ${type}.add ${type}.const ${i + 1} ${type}.add local.set ${2 + i}`
    }).join(
      ' ',
    )} local.get 14 local.get 1 call 0 local.set 1 local.get 14 i32.const 1 i32.add local.tee 14 i32.const 9 i32.lt_u br_if 0 end
      local.get 1 ${Array.from({ length: 12 }, (_, i) => `${asLong(mixed(i), `local.get ${2 + i}`)} i64.xor i64.const 3 i64.rotl`).join(' ')}`,
  },
]

/** f0 calls f1 calls … ; each adds a digit, and is too large to be put in the place of a call for its size. */
function chain(length: number): TestFunction[] {
  const padding =
    'i64.const 13 i64.rotl i64.const 77 i64.xor i64.const 3 i64.mul i64.const 5 i64.add i64.const 1 i64.rotr '
  return Array.from({ length }, (_, i): TestFunction => {
    const end = i + 1 < length ? `call ${i + 1} local.get 0 i64.add` : ''
    return {
      name: `f${i}`,
      parameters: ['i64'],
      result: 'i64',
      exported: i === 0,
      body: `local.get 0 ${padding}${padding} ${end}`,
    }
  })
}

/** Each of several functions calls two of the next level, twice. */
function lattice(levels: number): TestFunction[] {
  const padding =
    'i64.const 5 i64.rotl i64.const 11 i64.add i64.const 2 i64.xor i64.const 9 i64.mul i64.const 4 i64.sub '
  return Array.from({ length: levels * 2 }, (_, i): TestFunction => {
    const next = i - (i % 2) + 2
    const calls = `local.get 0 call ${next} call ${next + 1} local.get 0 i32.wrap_i64 i32.const 1 i32.and if (result i64) local.get 0 call ${next + 1} else i64.const 1 end i64.sub`
    const last = next >= levels * 2
    const body = `local.get 0 ${padding}${padding} i64.const ${i} i64.add local.set 0 ${last ? 'local.get 0' : calls}`
    return { name: `g${i}`, parameters: ['i64'], result: 'i64', exported: i < 2, body }
  })
}

testThreeWays({
  ...Object.fromEntries(FIVE.map((types) => [`all orders of ${types.join(', ')}`, caseOf(allOrders(types))])),
  'numbers and kinds of arguments': caseOf(ARGUMENTS),
  'the same, with small functions put in the place of calls': caseOf(
    ARGUMENTS.map((f) => ({ ...f, exported: !/^(none|one|two|three|four|five|stores)$/.test(f.name) })),
    { small: 1000 },
  ),
  'values across calls': caseOf(CROWDED),
  'a chain of twenty calls': caseOf(chain(20)),
  'many ways through nine levels of calls': caseOf(lattice(9)),
})

test('chains of calls are shortened to what is asked for', () => {
  const bytes = encodeModule({ functions: chain(20) })
  for (const frames of [1, 2, 7]) {
    const { report } = translate(bytes, { memory: OWN, frames })
    expect(report.depth).toBe(frames)
  }
})

test('values that lie in frames are there in these cases', () => {
  expect(translate(encodeModule({ functions: CROWDED }), { memory: OWN }).report.frames).toBeGreaterThan(64)
})
