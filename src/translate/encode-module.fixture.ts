/**
 * WebAssembly modules for tests, made from functions whose bodies are flat text: operators and immediates,
 * separated by blanks, as in WebAssembly's text format with numbers for locals, labels and functions. Unlike a
 * real parser it keeps unreachable code and checks nothing, so that modules outside the subset can be made too.
 * Format: WebAssembly core specification, chapter 5 (binary format).
 */
import { OPERATORS, type WasmType } from './wasm-operators.ts'

export interface TestFunction {
  readonly name: string
  readonly parameters?: readonly WasmType[]
  readonly result?: WasmType | undefined
  /** Beside the parameters. */
  readonly locals?: readonly WasmType[]
  readonly body: string
  /** Default: true. */
  readonly exported?: boolean
}

export interface TestModule {
  readonly functions: readonly TestFunction[]
  /** Pages of 64 KiB; default 1. */
  readonly pages?: number
  /** Further sections by number, as they are; put where they belong. */
  readonly sections?: Readonly<Record<number, readonly number[]>>
}

const TYPE_CODES: Readonly<Record<string, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c }
const OPCODES = new Map([...OPERATORS].map(([code, { name, immediate }]) => [name, { code, immediate }]))
const ALIGNMENT: readonly [RegExp, number][] = [
  [/(load|store)8/, 0],
  [/(load|store)16/, 1],
  [/32_|store32|^[if]32/, 2],
  [/./, 3],
]

export function unsignedLeb(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) | 128)
  }
}

export function signedLeb(value: bigint): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 7n) {
    const byte = Number(rest & 127n)
    if (rest >= -64n && rest < 64n) return [...bytes, byte]
    bytes.push(byte | 128)
  }
}

const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsignedLeb(items.length),
  ...items.flat(),
]
const text = (value: string): number[] => vector([...Buffer.from(value)].map((byte) => [byte]))
const typeCode = (type: string): number => TYPE_CODES[type] as number

/** The bytes of a body, without its last `end`. */
export function encodeBody(body: string): number[] {
  const words = body.split(/\s+/).filter((word) => word !== '')
  const bytes: number[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined =>
    pattern.test(words[at] ?? '') ? words[at++] : undefined
  const number = (): number => Number(words[at++])
  while (at < words.length) {
    const name = words[at++] as string
    const operator = OPCODES.get(name)
    if (!operator) throw new Error(`no operator ${name} in: ${body}`)
    bytes.push(operator.code)
    switch (operator.immediate) {
      case 'block':
        bytes.push(take(/^\(result$/) ? typeCode((words[at++] as string).replace(')', '')) : 0x40)
        break
      case 'table': {
        const labels: number[] = []
        for (let label = take(/^\d+$/); label !== undefined; label = take(/^\d+$/)) labels.push(Number(label))
        bytes.push(...vector(labels.slice(0, -1).map(unsignedLeb)), ...unsignedLeb(labels.at(-1) as number))
        break
      }
      case 'memory': {
        const offset = Number(take(/^offset=/)?.slice(7) ?? 0)
        const [, alignment] = ALIGNMENT.find(([pattern]) => pattern.test(name)) as [RegExp, number]
        bytes.push(alignment, ...unsignedLeb(offset))
        break
      }
      case 'i32':
      case 'i64':
        bytes.push(
          ...signedLeb(BigInt.asIntN(operator.immediate === 'i32' ? 32 : 64, BigInt(words[at++] as string))),
        )
        break
      case 'f32':
      case 'f64':
        bytes.push(...new Array(operator.immediate === 'f32' ? 4 : 8).fill(0))
        at++
        break
      case 'call-indirect':
        bytes.push(...unsignedLeb(number()), 0)
        break
      case 'zero':
        bytes.push(0)
        break
      case 'label':
      case 'index':
        bytes.push(...unsignedLeb(number()))
        break
      default:
    }
  }
  return bytes
}

function code({ locals = [], body }: TestFunction): number[] {
  const bytes = [...vector(locals.map((type) => [1, typeCode(type)])), ...encodeBody(body), 0x0b]
  return [...unsignedLeb(bytes.length), ...bytes]
}

function functionType({ parameters = [], result }: TestFunction): number[] {
  return [
    0x60,
    ...vector(parameters.map((type) => [typeCode(type)])),
    ...vector(result ? [[typeCode(result)]] : []),
  ]
}

/** Names of functions, as the custom section `name`. */
function nameSection(functions: readonly TestFunction[]): number[] {
  const names = vector(functions.map(({ name }, i) => [...unsignedLeb(i), ...text(name)]))
  return [...text('name'), 1, ...unsignedLeb(names.length), ...names]
}

/** The bytes of a module. It exports its memory as `memory`. */
export function encodeModule({ functions, pages = 1, sections = {} }: TestModule): Uint8Array {
  const exports = functions.flatMap(({ name, exported = true }, i) =>
    exported ? [[...text(name), 0, ...unsignedLeb(i)]] : [],
  )
  const all: Record<number, readonly number[]> = {
    1: vector(functions.map(functionType)),
    3: vector(functions.map((_, i) => unsignedLeb(i))),
    5: vector([[0, ...unsignedLeb(pages)]]),
    7: vector([[...text('memory'), 2, 0], ...exports]),
    10: vector(functions.map(code)),
    ...sections,
  }
  const ids = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].filter((id) => all[id] !== undefined)
  const section = (id: number, bytes: readonly number[]): number[] => [
    id,
    ...unsignedLeb(bytes.length),
    ...bytes,
  ]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...ids.flatMap((id) => section(id, all[id] as readonly number[])),
    ...section(0, nameSection(functions)),
  ])
}
