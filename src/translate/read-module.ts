/**
 * First pass: reads a WebAssembly module. Every instruction keeps its offset in the file, by which errors and
 * positions name it. Format: WebAssembly core specification, chapter 5 (binary format).
 */
import { TranslateError } from './errors.ts'
import { OPERATORS, type Operator, PREFIXES, type WasmType } from './wasm-operators.ts'

export interface WasmInstruction {
  readonly operator: Operator
  /** Offset in the module, bytes. */
  readonly offset: number
  /** Index, label, memory offset or 32-bit constant; for a block: its result, by `readBlock`. */
  readonly immediate: number
  /** 64-bit constant. */
  readonly long?: bigint
  /** Labels of br_table, the default last. */
  readonly labels?: readonly number[]
}

export interface FunctionType {
  readonly parameters: readonly WasmType[]
  readonly results: readonly WasmType[]
}

export interface WasmFunction {
  readonly name: string
  readonly type: FunctionType
  /** Types of the parameters, then of the other locals. */
  readonly locals: readonly WasmType[]
  readonly body: readonly WasmInstruction[]
  readonly offset: number
}

export interface WasmGlobal {
  readonly type: string
  readonly mutable: boolean
  /** Initial value; undefined where it is no integer constant. */
  readonly value: bigint | undefined
}

export interface WasmModule {
  readonly functions: readonly WasmFunction[]
  readonly globals: readonly WasmGlobal[]
  readonly exports: ReadonlyMap<string, number>
  /** What lies outside the subset as a whole, as texts: sections, imports. */
  readonly outside: readonly string[]
}

const TYPES: Readonly<Record<number, string>> = {
  127: 'i32',
  126: 'i64',
  125: 'f32',
  124: 'f64',
  123: 'v128',
  112: 'funcref',
  111: 'externref',
}
/** Types of blocks, as the signed numbers that they are written as, with the numbers that stand for them here. */
const BLOCK_RESULTS: ReadonlyMap<bigint, number> = new Map([
  [-64n, 0],
  [-1n, 1],
  [-2n, 2],
])

const SECTION = {
  CUSTOM: 0,
  TYPE: 1,
  IMPORT: 2,
  FUNCTION: 3,
  TABLE: 4,
  MEMORY: 5,
  GLOBAL: 6,
  EXPORT: 7,
  START: 8,
  ELEMENT: 9,
  CODE: 10,
  DATA: 11,
  DATA_COUNT: 12,
} as const

/** "\0asm" and the version. */
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

/** A cursor over the module's bytes. */
class Cursor {
  readonly bytes: Uint8Array
  at: number
  readonly end: number

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  byte(): number {
    this.need(1)
    return this.bytes[this.at++] as number
  }

  /** Throws unless so many bytes are left. */
  need(bytes: number): void {
    if (this.at + bytes > this.end)
      throw new TranslateError('MODULE', `Cannot read the module: it is cut short at byte ${this.end}`)
  }

  unsigned(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte()
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }

  /** A signed LEB128 number of up to 64 bits. */
  signed(): bigint {
    let value = 0n
    let shift = 0n
    for (;;) {
      const byte = this.byte()
      value |= BigInt(byte & 127) << shift
      shift += 7n
      if (byte < 128) return byte & 64 ? value - (1n << shift) : value
    }
  }

  name(): string {
    const length = this.unsigned()
    this.need(length)
    this.at += length
    return Buffer.from(this.bytes.subarray(this.at - length, this.at)).toString()
  }

  list<Item>(item: (i: number) => Item): Item[] {
    return Array.from({ length: this.unsigned() }, (_, i) => item(i))
  }

  type(): WasmType {
    const code = this.byte()
    return (TYPES[code] ?? `type 0x${code.toString(16)}`) as WasmType
  }

  limits(): void {
    const flags = this.byte()
    this.unsigned()
    if (flags & 1) this.unsigned()
  }
}

/** A block: its result is none, i32 or i64, numbered 0, 1, 2. */
function readBlock(c: Cursor, operator: Operator, offset: number): WasmInstruction {
  const result = BLOCK_RESULTS.get(c.signed())
  if (result !== undefined) return { operator, offset, immediate: result }
  const refused = 'its type is none of none, i32, i64'
  return { operator: { ...operator, refused }, offset, immediate: 0 }
}

/** Reads the instruction at the cursor. Prefixed operators get a stand-in that says why they are refused. */
function readInstruction(c: Cursor): WasmInstruction {
  const offset = c.at
  const opcode = c.byte()
  const prefix = PREFIXES[opcode]
  if (prefix !== undefined) {
    const name = `0x${opcode.toString(16)} ${c.unsigned()}`
    return {
      operator: { name, immediate: 'none', refused: `${prefix} are outside the subset` },
      offset,
      immediate: 0,
    }
  }
  const operator = OPERATORS.get(opcode)
  if (!operator) {
    const name = `0x${opcode.toString(16)}`
    return {
      operator: { name, immediate: 'none', refused: 'no operator of the subset' },
      offset,
      immediate: 0,
    }
  }
  switch (operator.immediate) {
    case 'none':
      return { operator, offset, immediate: 0 }
    case 'block':
      return readBlock(c, operator, offset)
    case 'table':
      return { operator, offset, immediate: 0, labels: [...c.list(() => c.unsigned()), c.unsigned()] }
    case 'memory':
      c.unsigned()
      return { operator, offset, immediate: c.unsigned() }
    case 'call-indirect':
      c.unsigned()
      return { operator, offset, immediate: c.unsigned() }
    case 'zero':
      return { operator, offset, immediate: c.byte() }
    case 'i32':
      return { operator, offset, immediate: Number(BigInt.asIntN(32, c.signed())) }
    case 'i64':
      return { operator, offset, immediate: 0, long: BigInt.asIntN(64, c.signed()) }
    case 'f32':
      c.at += 4
      return { operator, offset, immediate: 0 }
    case 'f64':
      c.at += 8
      return { operator, offset, immediate: 0 }
    default:
      return { operator, offset, immediate: c.unsigned() }
  }
}

interface Draft {
  types: FunctionType[]
  typeOf: number[]
  functions: WasmFunction[]
  globals: WasmGlobal[]
  exports: Map<string, number>
  names: Map<number, string>
  outside: string[]
}

function readImports(c: Cursor, draft: Draft): void {
  c.list(() => {
    const from = `${c.name()}.${c.name()}`
    const kind = c.byte()
    if (kind === 2) {
      c.limits()
      return
    }
    draft.outside.push(`the import ${from}: only a memory may be imported`)
    if (kind === 0) c.unsigned()
    else if (kind === 3) c.at += 2
    else if (kind === 1) {
      c.at++
      c.limits()
    }
  })
}

function readGlobal(c: Cursor): WasmGlobal {
  const type = c.type()
  const mutable = c.byte() === 1
  const first = readInstruction(c)
  const value =
    first.operator.name === 'i32.const'
      ? BigInt(first.immediate)
      : first.operator.name === 'i64.const'
        ? first.long
        : undefined
  if (first.operator.name !== 'end') while (readInstruction(c).operator.name !== 'end');
  return { type, mutable, value }
}

function readCode(c: Cursor, index: number, draft: Draft): WasmFunction {
  const end = c.unsigned() + c.at
  const type = draft.types[draft.typeOf[index] as number] as FunctionType
  const offset = c.at
  const locals = [...type.parameters]
  c.list(() => {
    const count = c.unsigned()
    const local = c.type()
    for (let i = 0; i < count; i++) locals.push(local)
  })
  const body: WasmInstruction[] = []
  while (c.at < end) {
    const instruction = readInstruction(c)
    body.push(instruction)
    // what follows an unknown operator can't be told apart from its immediates
    if (instruction.operator.refused && instruction.operator.name.startsWith('0x')) break
  }
  c.at = end
  return { name: `f${index}`, type, locals, body, offset }
}

/** Function names of the custom section `name`. */
function readNames(c: Cursor, end: number, draft: Draft): void {
  while (c.at < end) {
    const id = c.byte()
    const next = c.unsigned() + c.at
    if (id === 1) c.list(() => draft.names.set(c.unsigned(), c.name()))
    c.at = next
  }
}

function readSection(id: number, c: Cursor, end: number, draft: Draft): void {
  if (id === SECTION.TYPE)
    draft.types = c.list(() => {
      c.byte()
      return { parameters: c.list(() => c.type()), results: c.list(() => c.type()) }
    })
  else if (id === SECTION.IMPORT) readImports(c, draft)
  else if (id === SECTION.FUNCTION) draft.typeOf = c.list(() => c.unsigned())
  else if (id === SECTION.GLOBAL) draft.globals = c.list(() => readGlobal(c))
  else if (id === SECTION.EXPORT)
    c.list(() => {
      const name = c.name()
      if (c.byte() === 0) draft.exports.set(name, c.unsigned())
      else c.unsigned()
    })
  else if (id === SECTION.CODE) draft.functions = c.list((i) => readCode(c, i, draft))
  else if (id === SECTION.TABLE) draft.outside.push('a table: eBPF has no indirect calls')
  else if (id === SECTION.ELEMENT) draft.outside.push('an element segment: eBPF has no indirect calls')
  else if (id === SECTION.START) draft.outside.push('a start function: nothing runs it')
  else if (id === SECTION.DATA && c.unsigned() > 0)
    draft.outside.push('a data segment: whoever makes the memory fills it')
  else if (id === SECTION.CUSTOM && c.name() === 'name') readNames(c, end, draft)
}

/** Throws unless all functions that are declared or exported are there. Imports, which count, are refused anyway. */
function checkIndices({ typeOf, functions, exports, outside }: Draft): void {
  if (outside.length > 0) return
  const missing = Math.max(typeOf.length - 1, ...exports.values())
  if (missing >= functions.length)
    throw new TranslateError('MODULE', `Cannot read the module: it has no function ${missing}`)
}

/** Reads a module. Throws TranslateError when the bytes are no WebAssembly module. */
export function readModule(bytes: Uint8Array): WasmModule {
  if (HEADER.some((byte, i) => bytes[i] !== byte))
    throw new TranslateError(
      'MODULE',
      'Cannot read the module: it does not begin as WebAssembly of version 1 does',
    )
  const draft: Draft = {
    types: [],
    typeOf: [],
    functions: [],
    globals: [],
    exports: new Map(),
    names: new Map(),
    outside: [],
  }
  const c = new Cursor(bytes, 8, bytes.length)
  while (c.at < bytes.length) {
    const id = c.byte()
    const size = c.unsigned()
    c.need(size)
    const end = c.at + size
    readSection(id, c, end, draft)
    c.at = end
  }
  checkIndices(draft)
  const functions = draft.functions.map((f, i) => ({ ...f, name: draft.names.get(i) ?? f.name }))
  return { functions, globals: draft.globals, exports: draft.exports, outside: draft.outside }
}
