/**
 * Reads as much of a WebAssembly module as the check of the VM needs: sections, function types and every
 * instruction. Format: WebAssembly core specification, chapter 5 (binary format).
 */

/** One instruction: its opcode (0xfc and such prefixes with the second byte above: 0xfc00 + n). */
export interface Instruction {
  readonly opcode: number
  /** Its first immediate, such as the function that a call names; -1 if it has none. */
  readonly index: number
}

export interface WasmFunction {
  readonly parameters: number
  readonly instructions: readonly Instruction[]
}

export interface WasmImport {
  readonly module: string
  readonly name: string
  /** 0 function, 1 table, 2 memory, 3 global. */
  readonly kind: number
}

export interface WasmModule {
  readonly imports: readonly WasmImport[]
  /** Functions of the module itself; imported ones come first in the index space of `call`. */
  readonly functions: readonly WasmFunction[]
  readonly tables: number
  readonly elements: number
  readonly dataSegments: number
  readonly hasStart: boolean
  /** Which globals of the module itself can be written. */
  readonly mutableGlobals: readonly boolean[]
  /** Index of the function exported under a name. */
  readonly exports: ReadonlyMap<string, number>
}

const SECTION = {
  TYPE: 1,
  IMPORT: 2,
  FUNCTION: 3,
  TABLE: 4,
  GLOBAL: 6,
  EXPORT: 7,
  START: 8,
  ELEMENT: 9,
  CODE: 10,
  DATA: 11,
}

class Reader {
  readonly bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  byte(): number {
    const byte = this.bytes[this.at++]
    if (byte === undefined) throw new Error(`module cut short at byte ${this.at - 1}`)
    return byte
  }

  /** An LEB128 number, taken as unsigned: signed ones occur only in constants, whose value is not used. */
  number(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte()
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }

  name(): string {
    const length = this.number()
    this.skip(length)
    return Buffer.from(this.bytes.subarray(this.at - length, this.at)).toString()
  }

  skip(bytes: number): void {
    this.at += bytes
  }

  skipNumbers(count: number): void {
    for (let i = 0; i < count; i++) this.number()
  }

  /** A vector: its length, then the items. */
  list<Item>(item: () => Item): Item[] {
    return Array.from({ length: this.number() }, item)
  }

  /** Minimum and perhaps maximum of a memory or table. */
  skipLimits(): void {
    const flags = this.byte()
    this.number()
    if (flags & 1) this.number()
  }
}

/** How many LEB128 numbers follow an opcode, for the opcodes that have any and no other immediates. */
const NUMBERS: readonly (readonly [number, number, number])[] = [
  [0x02, 0x04, 1], // block, loop, if: type
  [0x0c, 0x0d, 1], // br, br_if: label
  [0x10, 0x10, 1], // call: function
  [0x11, 0x11, 2], // call_indirect: type, table
  [0x20, 0x24, 1], // local.*, global.*: index
  [0x28, 0x3e, 2], // loads and stores: alignment, offset
  [0x3f, 0x40, 1], // memory.size, memory.grow: memory
  [0x41, 0x42, 1], // i32.const, i64.const
]

function readInstruction(r: Reader): Instruction {
  const opcode = r.byte()
  if (opcode >= 0xfb) return { opcode: opcode * 256 + r.number(), index: -1 }
  if (opcode === 0x0e) r.skipNumbers(r.number() + 1)
  if (opcode === 0x43) r.skip(4)
  if (opcode === 0x44) r.skip(8)
  const count = NUMBERS.find(([first, last]) => opcode >= first && opcode <= last)?.[2] ?? 0
  const index = count > 0 ? r.number() : -1
  r.skipNumbers(count - 1)
  return { opcode, index }
}

/** A function's code. Locals are skipped: their number says nothing about the registers they need. */
function readCode(r: Reader, parameters: number): WasmFunction {
  const end = r.number() + r.at
  for (let runs = r.number(); runs > 0; runs--) r.skipNumbers(2)
  const instructions: Instruction[] = []
  while (r.at < end) {
    const instruction = readInstruction(r)
    instructions.push(instruction)
    // its immediates are not known here; whoever reads on would read nonsense
    if (instruction.opcode >= 0xfb00) r.at = end
  }
  return { parameters, instructions }
}

/** Reads a module. Throws Error when the bytes are no WebAssembly module. */
export function readWasm(bytes: Uint8Array): WasmModule {
  const r = new Reader(bytes, 8)
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== '\0asm')
    throw new Error('no WebAssembly module')
  let types: number[] = []
  let imports: WasmImport[] = []
  let typeOf: number[] = []
  let functions: WasmFunction[] = []
  let mutableGlobals: boolean[] = []
  const exports = new Map<string, number>()
  const counts = { tables: 0, elements: 0, dataSegments: 0, hasStart: false }
  while (r.at < bytes.length) {
    const id = r.byte()
    const end = r.number() + r.at
    if (id === SECTION.TYPE) types = r.list(() => readType(r))
    else if (id === SECTION.IMPORT) imports = r.list(() => readImport(r))
    else if (id === SECTION.FUNCTION) typeOf = r.list(() => r.number())
    else if (id === SECTION.TABLE) counts.tables = r.number()
    else if (id === SECTION.GLOBAL) mutableGlobals = r.list(() => readGlobal(r))
    else if (id === SECTION.EXPORT) r.list(() => readExport(r, exports))
    else if (id === SECTION.START) counts.hasStart = true
    else if (id === SECTION.ELEMENT) counts.elements = r.number()
    else if (id === SECTION.CODE) {
      let i = 0
      functions = r.list(() => readCode(r, types[typeOf[i++] as number] as number))
    } else if (id === SECTION.DATA) counts.dataSegments = r.number()
    r.at = end
  }
  return { imports, functions, mutableGlobals, exports, ...counts }
}

/** Number of parameters of a function type. */
function readType(r: Reader): number {
  r.byte()
  const parameters = r.list(() => r.byte()).length
  r.list(() => r.byte())
  return parameters
}

function readImport(r: Reader): WasmImport {
  const module = r.name()
  const name = r.name()
  const kind = r.byte()
  if (kind === 0) r.number()
  else if (kind === 3) r.skip(2)
  else {
    if (kind === 1) r.skip(1)
    r.skipLimits()
  }
  return { module, name, kind }
}

function readGlobal(r: Reader): boolean {
  r.byte()
  const mutable = r.byte() === 1
  while (readInstruction(r).opcode !== 0x0b);
  return mutable
}

function readExport(r: Reader, exports: Map<string, number>): void {
  const name = r.name()
  const kind = r.byte()
  const index = r.number()
  if (kind === 0) exports.set(name, index)
}
