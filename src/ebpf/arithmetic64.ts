/**
 * Arithmetic and comparison on 64-bit values held as two words each in one array, low word first. Only division
 * of large values takes BigInt.
 */
import type { AluOp, Cond } from './instruction-table.ts'

/** `words[d] op= words[s]`, where d and s are indices of low words. */
export type Operation64 = (words: Int32Array, d: number, s: number) => void

/** The value of two words. */
export function join64(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0)
}

/** Writes a value modulo 2^64 as two words. */
export function split64(words: Int32Array, d: number, value: bigint): void {
  words[d] = Number(BigInt.asIntN(32, value))
  words[d + 1] = Number(BigInt.asIntN(32, value >> 32n))
}

/** The high word of the product of two unsigned words, in pieces of 16 bits. */
function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carry = aLow * bHigh + (middle & 0xffff)
  return aHigh * bHigh + (middle >>> 16) + (carry >>> 16)
}

const value = (words: Int32Array, at: number) => join64(words[at]!, words[at + 1]!)
const isZero = (words: Int32Array, at: number) => (words[at]! | words[at + 1]!) === 0
/** Whether a value fits in a signed word. */
const isShort = (words: Int32Array, at: number) => words[at + 1] === words[at]! >> 31

function set(words: Int32Array, d: number, low: number, high: number): void {
  words[d] = low
  words[d + 1] = high
}

type Division = (a: bigint, b: bigint) => bigint

function signed(short: (a: number, b: number) => number, long: Division): Operation64 {
  return (words, d, s) => {
    if (isShort(words, d) && isShort(words, s)) {
      const result = short(words[d]!, words[s]!)
      set(words, d, result | 0, result < 0 ? -1 : 0)
    } else {
      split64(words, d, long(value(words, d), value(words, s)))
    }
  }
}

function unsigned(short: (a: number, b: number) => number, long: Division): Operation64 {
  return (words, d, s) => {
    if ((words[d + 1]! | words[s + 1]!) === 0) {
      set(words, d, short(words[d]! >>> 0, words[s]! >>> 0) | 0, 0)
    } else {
      const wide = (at: number) => BigInt.asUintN(64, value(words, at))
      split64(words, d, long(wide(d), wide(s)))
    }
  }
}

const ZERO: Operation64 = (words, d) => set(words, d, 0, 0)
const KEEP: Operation64 = () => {}
const unlessZero =
  (divide: Operation64, otherwise: Operation64): Operation64 =>
  (words, d, s) =>
    (isZero(words, s) ? otherwise : divide)(words, d, s)

const quotient: Division = (a, b) => a / b
const remainder: Division = (a, b) => a % b
const shortQuotient = (a: number, b: number) => Math.trunc(a / b)
const shortRemainder = (a: number, b: number) => a % b

function shiftLeft(words: Int32Array, d: number, s: number): void {
  const count = words[s]! & 63
  const low = words[d]!
  if (count >= 32) set(words, d, 0, low << (count - 32))
  else if (count > 0) set(words, d, low << count, (words[d + 1]! << count) | (low >>> (32 - count)))
}

/** Shifts right; the high word is filled with zeros or its sign. */
function shiftRight(words: Int32Array, d: number, s: number, arithmetic: boolean): void {
  const count = words[s]! & 63
  const high = words[d + 1]!
  const fill = arithmetic ? high >> 31 : 0
  if (count >= 32) set(words, d, arithmetic ? high >> (count - 32) : high >>> (count - 32), fill)
  else if (count > 0) {
    const low = (words[d]! >>> count) | (high << (32 - count))
    set(words, d, low, arithmetic ? high >> count : high >>> count)
  }
}

export const ARITHMETIC_64: Readonly<Record<AluOp, Operation64>> = {
  mov: (words, d, s) => set(words, d, words[s]!, words[s + 1]!),
  add: (words, d, s) => {
    const low = (words[d]! >>> 0) + (words[s]! >>> 0)
    set(words, d, low | 0, (words[d + 1]! + words[s + 1]! + (low > 0xffff_ffff ? 1 : 0)) | 0)
  },
  sub: (words, d, s) => {
    const low = (words[d]! >>> 0) - (words[s]! >>> 0)
    set(words, d, low | 0, (words[d + 1]! - words[s + 1]! - (low < 0 ? 1 : 0)) | 0)
  },
  mul: (words, d, s) => {
    const a = words[d]!
    const b = words[s]!
    const high = highProduct(a, b) + Math.imul(a, words[s + 1]!) + Math.imul(words[d + 1]!, b)
    set(words, d, Math.imul(a, b), high | 0)
  },
  div: unlessZero(unsigned(shortQuotient, quotient), ZERO),
  sdiv: unlessZero(signed(shortQuotient, quotient), ZERO),
  mod: unlessZero(unsigned(shortRemainder, remainder), KEEP),
  smod: unlessZero(signed(shortRemainder, remainder), KEEP),
  or: (words, d, s) => set(words, d, words[d]! | words[s]!, words[d + 1]! | words[s + 1]!),
  and: (words, d, s) => set(words, d, words[d]! & words[s]!, words[d + 1]! & words[s + 1]!),
  xor: (words, d, s) => set(words, d, words[d]! ^ words[s]!, words[d + 1]! ^ words[s + 1]!),
  lsh: shiftLeft,
  rsh: (words, d, s) => shiftRight(words, d, s, false),
  arsh: (words, d, s) => shiftRight(words, d, s, true),
}

/** `words[d] cond words[s]` */
export type Condition64 = (words: Int32Array, d: number, s: number) => boolean

const equal: Condition64 = (words, d, s) => words[d] === words[s] && words[d + 1] === words[s + 1]

const less: Condition64 = (words, d, s) => {
  const a = words[d + 1]! >>> 0
  const b = words[s + 1]! >>> 0
  return a === b ? words[d]! >>> 0 < words[s]! >>> 0 : a < b
}

const signedLess: Condition64 = (words, d, s) => {
  const a = words[d + 1]!
  const b = words[s + 1]!
  return a === b ? words[d]! >>> 0 < words[s]! >>> 0 : a < b
}

export const CONDITIONS_64: Readonly<Record<Cond, Condition64>> = {
  eq: equal,
  ne: (words, d, s) => !equal(words, d, s),
  gt: (words, d, s) => less(words, s, d),
  ge: (words, d, s) => !less(words, d, s),
  lt: less,
  le: (words, d, s) => !less(words, s, d),
  sgt: (words, d, s) => signedLess(words, s, d),
  sge: (words, d, s) => !signedLess(words, d, s),
  slt: signedLess,
  sle: (words, d, s) => !signedLess(words, s, d),
  set: (words, d, s) => ((words[d]! & words[s]!) | (words[d + 1]! & words[s + 1]!)) !== 0,
}
