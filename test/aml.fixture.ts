/**
 * ACPI's byte code for the tables that guests get: the few terms that a processor's states and a thermal zone take.
 * Encodings are those of chapter 20 of the ACPI specification, release 6.5; each function is named for its term.
 */

/** Encoded terms. */
export type Aml = readonly number[]

const OP = {
  byte: 0x0a,
  word: 0x0b,
  dword: 0x0c,
  name: 0x08,
  scope: 0x10,
  buffer: 0x11,
  package: 0x12,
  method: 0x14,
  extended: 0x5b,
  region: 0x80,
  field: 0x81,
  thermalZone: 0x85,
  add: 0x72,
  multiply: 0x77,
  return: 0xa4,
} as const

/** The address space of ports, in regions and in registers. */
const SYSTEM_IO = 1

const bytesOf = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (value >>> (8 * i)) & 0xff)

/** An integer from 0 to 2³² - 1. */
export function integer(value: number): Aml {
  if (value < 2) return [value]
  if (value < 0x100) return [OP.byte, value]
  return value < 0x10000 ? [OP.word, ...bytesOf(value, 2)] : [OP.dword, ...bytesOf(value, 4)]
}

/**
 * A name string such as `\_SB.CPUS.C000` or `_TMP`: segments of four characters.
 * @throws RangeError for segments of another length
 */
export function path(text: string): Aml {
  const root = text.startsWith('\\') ? [0x5c] : []
  const segments = text.slice(root.length).split('.')
  for (const segment of segments)
    if (!/^[A-Z_][A-Z0-9_]{3}$/.test(segment)) throw new RangeError(`Cannot encode the name '${text}'`)
  const prefix = segments.length === 1 ? [] : segments.length === 2 ? [0x2e] : [0x2f, segments.length]
  return [...root, ...prefix, ...Buffer.from(segments.join(''))]
}

/** Contents after their length, which counts its own bytes. */
function lengthed(contents: Aml): Aml {
  const count = [1, 2, 3, 4].find((n) => contents.length + n < (n === 1 ? 1 << 6 : 1 << (8 * n - 4)))!
  const length = contents.length + count
  if (count === 1) return [length, ...contents]
  return [((count - 1) << 6) | (length & 0xf), ...bytesOf(length >>> 4, count - 1), ...contents]
}

export const name = (target: string, value: Aml): Aml => [OP.name, ...path(target), ...value]

export const scope = (target: string, terms: readonly Aml[]): Aml => [
  OP.scope,
  ...lengthed([...path(target), ...terms.flat()]),
]

export const packageOf = (elements: readonly Aml[]): Aml => [
  OP.package,
  ...lengthed([elements.length, ...elements.flat()]),
]

const buffer = (bytes: Aml): Aml => [OP.buffer, ...lengthed([...integer(bytes.length), ...bytes])]

/** A method without arguments. */
export const method = (target: string, terms: readonly Aml[]): Aml => [
  OP.method,
  ...lengthed([...path(target), 0, ...terms.flat()]),
]

export const returned = (value: Aml): Aml => [OP.return, ...value]
/** Sum and product; the last byte says that no variable gets it. */
export const add = (a: Aml, b: Aml): Aml => [OP.add, ...a, ...b, 0]
export const multiply = (a: Aml, b: Aml): Aml => [OP.multiply, ...a, ...b, 0]

export const thermalZone = (target: string, terms: readonly Aml[]): Aml => [
  OP.extended,
  OP.thermalZone,
  ...lengthed([...path(target), ...terms.flat()]),
]

/** A region of one port, and the field of 8 bits that names it. */
export const portField = (region: string, port: number, field: string): Aml => [
  ...[OP.extended, OP.region, ...path(region), SYSTEM_IO, ...integer(port), ...integer(1)],
  // access by bytes, no lock; the field's name and its bits
  ...[OP.extended, OP.field, ...lengthed([...path(region), 1, ...path(field), 8])],
]

/** A resource template that holds a generic register: a port of 8 bits. */
export const portRegister = (port: number): Aml =>
  buffer([...[0x82, ...bytesOf(12, 2), SYSTEM_IO, 8, 0, 1], ...bytesOf(port, 4), ...bytesOf(0, 4), 0x79, 0])
