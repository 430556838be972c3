/** Operands of eBPF assembly: one reader for each placeholder of the instruction table. */
import { LAST_REGISTER } from './form-of.ts'
import { helperNumber } from './helper-functions.ts'
import type { Placeholder } from './instruction-table.ts'
import type { Reference } from './program-spec.ts'
import type { Token } from './tokens.ts'

/** What the operands of one instruction say so far. */
export interface Operands {
  readonly dst?: number
  readonly src?: number
  readonly offset?: number
  readonly imm?: number
  /** The imm field of the second slot. */
  readonly high?: number
  /** A label or a function that stands for the distance. */
  readonly label?: Token
  readonly callee?: Token
  readonly reference?: { readonly kind: Reference['kind']; readonly name: string; readonly offset?: number }
}

/** Either where to go on and what was read, or what was expected at which token. */
export type Read =
  | { readonly next: number; readonly operands: Operands }
  | { readonly next?: undefined; readonly at: number; readonly expected: string }

type Reader = (tokens: readonly Token[], at: number) => Read

const fail = (at: number, expected: string): Read => ({ at, expected })

/** An integer with an optional sign, between two bounds. */
function integer(
  tokens: readonly Token[],
  at: number,
  low: bigint,
  high: bigint,
): [bigint, number] | undefined {
  const sign = tokens[at]!.text
  const start = sign === '-' || sign === '+' ? at + 1 : at
  const token = tokens[start]!
  if (token.kind !== 'number') return undefined
  const value = sign === '-' ? -BigInt(token.text) : BigInt(token.text)
  return value >= low && value <= high ? [value, start + 1] : undefined
}

const number =
  (field: 'offset' | 'imm', low: bigint, high: bigint, expected: string): Reader =>
  (tokens, at) => {
    const read = integer(tokens, at, low, high)
    if (read === undefined) return fail(at, expected)
    return { next: read[1], operands: { [field]: Number(BigInt.asIntN(32, read[0])) } }
  }

/** `r5` or `w5`; the letter comes from the form. */
export function readRegister(
  letter: string,
  field: 'dst' | 'src',
  tokens: readonly Token[],
  at: number,
): Read {
  const expected = `a register ${letter}0 to ${letter}${LAST_REGISTER}`
  const match = /^([rw])(0|[1-9][0-9]?)$/.exec(tokens[at]!.text)
  const register = Number(match?.[2])
  if (match?.[1] !== letter || register > LAST_REGISTER) return fail(at, expected)
  return { next: at + 1, operands: { [field]: register } }
}

/** A signed distance, with or without the kernel's `pc` before it. */
function distance(
  field: 'offset' | 'imm',
  bits: bigint,
  tokens: readonly Token[],
  at: number,
): Read | undefined {
  const start = tokens[at]!.text === 'pc' ? at + 1 : at
  if (!/^[+-]$/.test(tokens[start]!.text)) return undefined
  const bound = 1n << (bits - 1n)
  const read = integer(tokens, start, -bound, bound - 1n)
  if (read === undefined) return fail(start, `a distance of ${bits} bits`)
  return { next: read[1], operands: { [field]: Number(read[0]) } }
}

const jump =
  (field: 'offset' | 'imm', bits: bigint): Reader =>
  (tokens, at) => {
    const read = distance(field, bits, tokens, at)
    if (read !== undefined) return read
    const label = tokens[at]!
    return label.kind === 'name'
      ? { next: at + 1, operands: { label } }
      : fail(at, 'a label or a signed distance')
  }

const callee: Reader = (tokens, at) => {
  const read = tokens[at]!.text === 'pc' ? distance('imm', 32n, tokens, at) : undefined
  if (read !== undefined) return read
  if (tokens[at]!.text !== 'function') return fail(at, '"function"')
  const name = tokens[at + 1]!
  return name.kind === 'name'
    ? { next: at + 2, operands: { callee: name } }
    : fail(at + 1, 'a name of a function')
}

/** `bpf_ktime_get_ns`, or the verifier's `bpf_ktime_get_ns#5`, where the number decides for unknown names. */
const helper: Reader = (tokens, at) => {
  const name = tokens[at]!
  if (name.kind !== 'name') return fail(at, 'a name of a helper')
  const known = helperNumber(name.text)
  if (tokens[at + 1]!.text !== '#') {
    if (known === undefined) return fail(at, 'a name of a helper (bpf_…), "function" or "kfunc"')
    return { next: at + 1, operands: { imm: known } }
  }
  const read = integer(tokens, at + 2, 0n, 0x7fff_ffffn)
  if (read === undefined || (known !== undefined && BigInt(known) !== read[0])) {
    return fail(
      at + 2,
      known === undefined ? 'a number of a helper' : `"${known}", the number of ${name.text}`,
    )
  }
  return { next: read[1], operands: { imm: Number(read[0]) } }
}

const named =
  (kind: 'kfunc' | 'map', expected: string): Reader =>
  (tokens, at) => {
    const token = tokens[at]!
    if (token.kind === 'name')
      return { next: at + 1, operands: { imm: 0, reference: { kind, name: token.text } } }
    return number('imm', 0n, 0x7fff_ffffn, expected)(tokens, at)
  }

/** `counters`, `counters+8`, or a file descriptor in place of the name. */
const value: Reader = (tokens, at) => {
  const map = named('map', 'a name of a map')(tokens, at)
  if (map.next === undefined) return map
  let { next } = map
  let offset = 0
  if (/^[+-]$/.test(tokens[next]!.text)) {
    const read = integer(tokens, next, -0x8000_0000n, 0x7fff_ffffn)
    if (read === undefined) return fail(next, 'an offset in bytes')
    offset = Number(read[0])
    next = read[1]
  }
  const { imm = 0, reference } = map.operands
  if (reference === undefined) return { next, operands: { imm, high: offset } }
  return { next, operands: { imm, reference: { kind: 'map-value', name: reference.name, offset } } }
}

const imm64: Reader = (tokens, at) => {
  const read = integer(tokens, at, -(1n << 63n), (1n << 64n) - 1n)
  if (read === undefined) return fail(at, 'an integer')
  const [integer64, next] = read
  const imm = Number(BigInt.asIntN(32, integer64))
  return { next, operands: { imm, high: Number(BigInt.asIntN(32, integer64 >> 32n)) } }
}

/** Distances from a base register may be left out: `*(u32 *)(r1)`. */
const offset: Reader = (tokens, at) => {
  if (!/^[+-]$/.test(tokens[at]!.text)) return { next: at, operands: { offset: 0 } }
  return number('offset', -0x8000n, 0x7fffn, 'an offset of 16 bits')(tokens, at)
}

/** Readers of all operands but registers. */
export const READERS: Readonly<Record<Exclude<Placeholder, 'dst' | 'src'>, Reader>> = {
  offset,
  imm: number('imm', -0x8000_0000n, 0x7fff_ffffn, 'an integer of 32 bits with its sign'),
  word: number('imm', -0x8000_0000n, 0xffff_ffffn, 'an integer of 32 bits'),
  jump: jump('offset', 16n),
  longjump: jump('imm', 32n),
  call: callee,
  helper,
  kfunc: named('kfunc', 'a name of a function of the kernel'),
  map: named('map', 'a name of a map'),
  value,
  imm64,
}
