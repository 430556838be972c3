/** Loads and stores of all widths at all kinds of addresses, and what happens beyond the memory. */
import { describe, expect, test } from 'vitest'
import { describeInKernel } from '../kernel/kernel.fixture.ts'
import type { TestFunction } from './encode-module.fixture.ts'
import { encodeModule } from './encode-module.fixture.ts'
import {
  type Call,
  type EngineName,
  makeEngine,
  nodeEngine,
  OWN,
  testThreeWays,
} from './three-ways.fixture.ts'
import type { WasmType } from './wasm-operators.ts'

const LOADS: Readonly<Record<WasmType, readonly string[]>> = {
  i32: 'load load8_s load8_u load16_s load16_u'.split(' '),
  i64: 'load load8_s load8_u load16_s load16_u load32_s load32_u'.split(' '),
}
const STORES: Readonly<Record<WasmType, readonly string[]>> = {
  i32: 'store store8 store16'.split(' '),
  i64: 'store store8 store16 store32'.split(' '),
}
const PAGES = 5
/** Around the largest offset of an eBPF access, and beyond. */
const OFFSETS = [0, 1, 100, 32760, 32767, 32768, 65536, 200_000]
/** Offsets from a constant address, which the translator adds up. */
const CONSTANT_ADDRESSES = [0, 3, 32767, 32768, 65530, 131_072]
const ADDRESSES = [0n, 1n, 7n, 8n, 0x100n, 0x3f01n, 0x6001n, 0x7ff9n, 0xfff8n]
const VALUES = [0n, 0x7f80_ff01_8000_7fffn, 0xffff_ffff_ffff_ffffn, 0x0123_4567_89ab_cdefn]

const CONSTANTS: Readonly<Record<WasmType, readonly bigint[]>> = {
  i32: [0n, -1n, 0x1234_5678n],
  i64: [0n, -1n, 0x1234_5678n, 0x0123_4567_89ab_cdefn, -(1n << 63n)],
}

function loads(type: WasmType): TestFunction[] {
  return LOADS[type].flatMap((op) => [
    ...OFFSETS.map(
      (offset): TestFunction => ({
        name: `${op}_at_${offset}`,
        parameters: ['i32'],
        result: type,
        body: `local.get 0 ${type}.${op} offset=${offset}`,
      }),
    ),
    ...CONSTANT_ADDRESSES.flatMap((address) =>
      [0, 5, 32767].map(
        (offset): TestFunction => ({
          name: `${op}_from_${address}_${offset}`,
          result: type,
          body: `i32.const ${address} ${type}.${op} offset=${offset}`,
        }),
      ),
    ),
  ])
}

function stores(type: WasmType): TestFunction[] {
  return STORES[type].flatMap((op) => [
    ...OFFSETS.map(
      (offset): TestFunction => ({
        name: `${op}_at_${offset}`,
        parameters: ['i32', type],
        body: `local.get 0 local.get 1 ${type}.${op} offset=${offset}`,
      }),
    ),
    ...CONSTANT_ADDRESSES.map(
      (address): TestFunction => ({
        name: `${op}_to_${address}`,
        parameters: [type],
        body: `i32.const ${address} local.get 0 ${type}.${op} offset=32`,
      }),
    ),
    ...CONSTANTS[type].map(
      (value, i): TestFunction => ({
        name: `${op}_constant_${i}`,
        parameters: ['i32'],
        body: `local.get 0 ${type}.const ${value} ${type}.${op} offset=16`,
      }),
    ),
  ])
}

/** Calls with all addresses, and for stores all values. */
function calls(functions: readonly TestFunction[]): Call[] {
  return functions.flatMap(({ name, parameters = [] }): Call[] => {
    const takesAddress = parameters[0] === 'i32' && !/_to_/.test(name)
    const rows = takesAddress ? ADDRESSES.map((address) => [address]) : [[]]
    const takesValue = takesAddress ? parameters.length > 1 : parameters.length > 0
    return rows.flatMap((row) =>
      takesValue ? VALUES.map((value): Call => [name, ...row, value]) : [[name, ...row] as Call],
    )
  })
}

const MIXED: readonly TestFunction[] = [
  {
    name: 'computed',
    parameters: ['i32', 'i64'],
    result: 'i64',
    body: `local.get 0 i32.const 3 i32.shl i32.const 256 i32.add local.tee 0 local.get 1 i64.store offset=8
      local.get 0 i32.const 8 i32.add i64.load32_s local.get 0 i64.load16_u offset=10 i64.add`,
  },
  {
    name: 'overlapping',
    parameters: ['i64'],
    result: 'i64',
    body: `i32.const 512 local.get 0 i64.store i32.const 515 i32.const -2 i32.store16 i32.const 0 i32.const 9 i32.store8 offset=517
      i32.const 511 i64.load offset=2`,
  },
  {
    name: 'copy',
    parameters: ['i32', 'i32', 'i32'],
    body: `block loop local.get 2 i32.eqz br_if 1 local.get 0 local.get 1 i32.load8_u i32.store8
      local.get 0 i32.const 1 i32.add local.set 0 local.get 1 i32.const 1 i32.add local.set 1
      local.get 2 i32.const 1 i32.sub local.set 2 br 0 end end`,
  },
  {
    name: 'pointer_chain',
    parameters: ['i32'],
    result: 'i32',
    body: `local.get 0 local.get 0 i32.const 64 i32.add i32.store local.get 0 i32.load i32.const 77 i32.store offset=4
      local.get 0 i32.load i32.load offset=4 local.get 0 i32.load i32.add`,
  },
  {
    name: 'swap_words',
    parameters: ['i32', 'i32'],
    locals: ['i64'],
    body: `local.get 0 i64.load local.set 2 local.get 0 local.get 1 i64.load i64.store local.get 1 local.get 2 i64.store`,
  },
]

testThreeWays({
  ...Object.fromEntries(
    (['i32', 'i64'] as const).flatMap((type) => [
      [
        `${type} loads`,
        () => ({ module: { functions: loads(type), pages: PAGES }, calls: calls(loads(type)) }),
      ],
      [
        `${type} stores`,
        () => ({ module: { functions: stores(type), pages: PAGES }, calls: calls(stores(type)) }),
      ],
    ]),
  ),
  'addresses that are computed, and what is stored there': () => ({
    module: { functions: MIXED },
    calls: [
      ['computed', 1n, 0xf123_4567_89ab_cdefn],
      ['computed', 100n, 0x8000_0000_8000_0000n],
      ['overlapping', 0x1122_3344_5566_7788n],
      ['copy', 0x200n, 0x100n, 0x40n],
      ['copy', 0x201n, 0x200n, 0x40n],
      ['copy', 0x400n, 0x401n, 0n],
      ['pointer_chain', 0x700n],
      ['swap_words', 0x700n, 0x720n],
    ],
  }),
})

/**
 * By design, accesses beyond the memory don't trap: they load 0 and store nothing. An offset beyond 32767 is added
 * to the address first, in 32 bits.
 */
function beyondTheMemory(engine: EngineName): void {
  const functions: TestFunction[] = [
    { name: 'load', parameters: ['i32'], result: 'i64', body: 'local.get 0 i64.load offset=8' },
    { name: 'load_far', parameters: ['i32'], result: 'i64', body: 'local.get 0 i64.load offset=4294967295' },
    { name: 'store', parameters: ['i32'], body: 'local.get 0 i64.const -1 i64.store offset=8' },
    { name: 'constant', result: 'i32', body: 'i32.const -8 i32.load' },
  ]
  const bytes = encodeModule({ functions })
  const reference = nodeEngine(bytes)
  const translated = makeEngine(engine, bytes, reference.memory.length)
  try {
    translated.memory.fill(0xee)
    translated.memory.fill(0, OWN.zero, OWN.frames.address)
    const before = translated.memory.slice()
    for (const address of [0x1_0000n, 0x7fff_fff0n, 0xffff_0000n, 0xffff_fff7n, 0xffff_ffffn]) {
      expect(reference.call('load', [address])).toBe(undefined)
      expect(translated.call('load', [address])).toBe(0n)
      expect(translated.call('store', [address])).toBe(0n)
    }
    expect(translated.call('constant', [])).toBe(0n)
    expect(translated.call('load_far', [0x101n])).toBe(0xeeee_eeee_eeee_eeeen)
    expect(Buffer.compare(translated.memory, before)).toBe(0)
  } finally {
    translated.close()
  }
}

describe('beyond the memory', () => {
  test('the interpreter loads 0 and stores nothing', () => beyondTheMemory('interpreter'))
})
describeInKernel('beyond the memory, in the kernel,', () => {
  test('loads are 0 and stores nothing', () => beyondTheMemory('kernel'))
})
