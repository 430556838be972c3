/** Values at which integer operations tend to go wrong, and the operations' meaning in BigInt. */
import type { AluOp, Cond, Width } from './instruction-table.ts'

export const EDGE_VALUES: readonly bigint[] = [
  0n,
  1n,
  2n,
  3n,
  31n,
  32n,
  33n,
  63n,
  64n,
  0x7fn,
  0x80n,
  0xffffn,
  0x1234_5678n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_fffen,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1_0000_0001n,
  0x0123_4567_89ab_cdefn,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0x8000_0000_0000_0001n,
  0xffff_ffff_0000_0000n,
  0xffff_ffff_8000_0000n,
  0xffff_ffff_7fff_ffffn,
  0xffff_ffff_ffff_fffen,
  0xffff_ffff_ffff_ffffn,
]

/** What `a op b` is in this width, unsigned. */
export function expectedAlu(op: AluOp, width: Width, left: bigint, right: bigint): bigint {
  const a = BigInt.asUintN(width, left)
  const b = BigInt.asUintN(width, right)
  const signedA = BigInt.asIntN(width, a)
  const signedB = BigInt.asIntN(width, b)
  const count = b & BigInt(width - 1)
  const results: Record<AluOp, () => bigint> = {
    mov: () => b,
    add: () => a + b,
    sub: () => a - b,
    mul: () => a * b,
    div: () => (b === 0n ? 0n : a / b),
    sdiv: () => (b === 0n ? 0n : signedA / signedB),
    mod: () => (b === 0n ? a : a % b),
    smod: () => (b === 0n ? a : signedA % signedB),
    or: () => a | b,
    and: () => a & b,
    xor: () => a ^ b,
    lsh: () => a << count,
    rsh: () => a >> count,
    arsh: () => signedA >> count,
  }
  return BigInt.asUintN(width, results[op]())
}

export function expectedCondition(cond: Cond, width: Width, left: bigint, right: bigint): boolean {
  const a = BigInt.asUintN(width, left)
  const b = BigInt.asUintN(width, right)
  const signedA = BigInt.asIntN(width, a)
  const signedB = BigInt.asIntN(width, b)
  const results: Record<Cond, boolean> = {
    eq: a === b,
    ne: a !== b,
    gt: a > b,
    ge: a >= b,
    lt: a < b,
    le: a <= b,
    sgt: signedA > signedB,
    sge: signedA >= signedB,
    slt: signedA < signedB,
    sle: signedA <= signedB,
    set: (a & b) !== 0n,
  }
  return results[cond]
}
