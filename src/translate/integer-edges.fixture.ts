/** Integers at which operators tend to go wrong, unsigned. */
import type { TestFunction } from './encode-module.fixture.ts'
import type { Call } from './three-ways.fixture.ts'
import type { WasmType } from './wasm-operators.ts'

const SMALL = [0n, 1n, 2n, 3n, 7n, 31n, 32n, 33n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn]
const SHORT = [
  0x1234_5678n,
  0x7fff_ffffn,
  0x8000_0000n,
  0x8000_0001n,
  0xffff_ff80n,
  0xffff_fffen,
  0xffff_ffffn,
]

export const EDGES: Readonly<Record<WasmType, readonly bigint[]>> = {
  i32: [...SMALL, ...SHORT],
  i64: [
    ...SMALL.filter((_, i) => i % 2 === 0),
    63n,
    64n,
    65n,
    ...SHORT.filter((_, i) => i > 0),
    0x1_0000_0000n,
    0x0123_4567_89ab_cdefn,
    0x7fff_ffff_ffff_ffffn,
    0x8000_0000_0000_0000n,
    0x8000_0000_0000_0001n,
    0xffff_ffff_0000_0000n,
    0xffff_ffff_7fff_ffffn,
    0xffff_ffff_ffff_ff80n,
    0xffff_ffff_ffff_ffffn,
  ],
}

/** Calls of functions with all combinations of edge values. */
export function edgeCalls(functions: readonly TestFunction[]): Call[] {
  return functions.flatMap(({ name, parameters = [] }) => {
    const rows = parameters.reduce<bigint[][]>(
      (all, type) => all.flatMap((row) => EDGES[type].map((value) => [...row, value])),
      [[]],
    )
    return rows.map((row): Call => [name, ...row])
  })
}
