/** Arithmetic and comparison on 32-bit words, as eBPF defines them; words are signed numbers. */
import type { AluOp, Cond } from './instruction-table.ts'

/** The result of `a op b`. */
export const ARITHMETIC_32: Readonly<Record<AluOp, (a: number, b: number) => number>> = {
  mov: (_, b) => b,
  add: (a, b) => (a + b) | 0,
  sub: (a, b) => (a - b) | 0,
  mul: Math.imul,
  div: (a, b) => (b === 0 ? 0 : ((a >>> 0) / (b >>> 0)) | 0),
  sdiv: (a, b) => (b === 0 ? 0 : (a / b) | 0),
  mod: (a, b) => (b === 0 ? a : ((a >>> 0) % (b >>> 0)) | 0),
  smod: (a, b) => (b === 0 ? a : (a % b) | 0),
  or: (a, b) => a | b,
  and: (a, b) => a & b,
  xor: (a, b) => a ^ b,
  lsh: (a, b) => a << b,
  rsh: (a, b) => (a >>> b) | 0,
  arsh: (a, b) => a >> b,
}

export const CONDITIONS_32: Readonly<Record<Cond, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  gt: (a, b) => a >>> 0 > b >>> 0,
  ge: (a, b) => a >>> 0 >= b >>> 0,
  lt: (a, b) => a >>> 0 < b >>> 0,
  le: (a, b) => a >>> 0 <= b >>> 0,
  sgt: (a, b) => a > b,
  sge: (a, b) => a >= b,
  slt: (a, b) => a < b,
  sle: (a, b) => a <= b,
  set: (a, b) => (a & b) !== 0,
}

/** The four bytes in reverse order. */
export function reverseBytes(a: number): number {
  return (a << 24) | ((a & 0xff00) << 8) | ((a >>> 8) & 0xff00) | (a >>> 24)
}
