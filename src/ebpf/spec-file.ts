/**
 * Program specs as files, which is how a translated program is shipped. The same spec gives the same bytes.
 *
 *     bytes  0  8   "MREBPF", 13, 10
 *            8  4   version of the format, as all numbers here a little-endian u32
 *           12  4   instructions (slots)
 *           16  4   functions
 *           20  4   references
 *           24  4   bytes of tables
 *           28  4   bytes of positions (`spec-positions.ts`), 0 where none are known
 *           32      instructions, tables, positions
 *
 * Tables, with the integers and texts of `byte-stream.ts`:
 *
 *     each function    text: name; unsigned: start less that of the function before; parameters * 2 + (1 if global)
 *     each reference   unsigned: (slots since the last one) * 4 + index in REFERENCE_KINDS; text: name;
 *                      signed: offset, for kind map-value
 */
import { ByteReader, ByteWriter } from './byte-stream.ts'
import { SpecFileError } from './errors.ts'
import { INSTRUCTION_SIZE } from './instruction.ts'
import type { FunctionSpec, ProgramSpec, Reference, SourcePosition } from './program-spec.ts'
import { readPositions, writePositions } from './spec-positions.ts'

const MAGIC = Uint8Array.from([...'MREBPF\r\n'].map((c) => c.charCodeAt(0)))
const VERSION = 1
const HEADER_SIZE = 32
const REFERENCE_KINDS = [
  'map',
  'map-value',
  'kfunc',
  'function',
] as const satisfies readonly Reference['kind'][]

function writeTables({ functions, references }: ProgramSpec): Uint8Array {
  const writer = new ByteWriter()
  let start = 0
  for (const fn of functions) {
    writer.text(fn.name)
    writer.unsigned(fn.start - start)
    writer.unsigned(fn.parameters * 2 + (fn.linkage === 'global' ? 1 : 0))
    start = fn.start
  }
  let at = 0
  for (const reference of references) {
    writer.unsigned((reference.at - at) * 4 + REFERENCE_KINDS.indexOf(reference.kind))
    writer.text(reference.name)
    if (reference.kind === 'map-value') writer.signed(reference.offset)
    at = reference.at
  }
  return writer.finish()
}

/** The file of a spec. Functions must stand in the order of their starts. */
export function writeSpec(spec: ProgramSpec): Uint8Array {
  const count = spec.instructions.length / INSTRUCTION_SIZE
  const references = spec.references.toSorted((a, b) => a.at - b.at)
  const tables = writeTables({ ...spec, references })
  const positions = spec.positionOf === undefined ? new Uint8Array(0) : writePositions(count, spec.positionOf)
  const file = new Uint8Array(HEADER_SIZE + spec.instructions.length + tables.length + positions.length)
  const view = new DataView(file.buffer)
  file.set(MAGIC)
  const header = [VERSION, count, spec.functions.length, references.length, tables.length, positions.length]
  header.forEach((number, i) => {
    view.setUint32(MAGIC.length + 4 * i, number, true)
  })
  let at = HEADER_SIZE
  for (const part of [spec.instructions, tables, positions]) {
    file.set(part, at)
    at += part.length
  }
  return file
}

function readFunctions(reader: ByteReader, count: number): FunctionSpec[] {
  let start = 0
  return Array.from({ length: count }, () => {
    const name = reader.text()
    start += reader.unsigned()
    const packed = reader.unsigned()
    return { name, start, parameters: packed >> 1, linkage: packed & 1 ? 'global' : 'static' }
  })
}

function readReferences(reader: ByteReader, count: number): Reference[] {
  let at = 0
  return Array.from({ length: count }, () => {
    const head = reader.unsigned()
    at += Math.floor(head / 4)
    const kind = REFERENCE_KINDS[head % 4]!
    const name = reader.text()
    return kind === 'map-value' ? { kind, at, name, offset: reader.signed() } : { kind, at, name }
  })
}

function damaged(reason: string): SpecFileError {
  return new SpecFileError(`Cannot read eBPF program file: ${reason}. Build or install the package again.`)
}

/** Positions, decoded when the first one is asked for. */
function lazyPositions(bytes: Uint8Array): (instruction: number) => SourcePosition | undefined {
  let positionOf: ((instruction: number) => SourcePosition | undefined) | undefined
  return (instruction) => {
    try {
      positionOf ??= readPositions(bytes)
    } catch (error) {
      throw error instanceof RangeError ? damaged(`its positions are damaged: ${error.message}`) : error
    }
    return positionOf(instruction)
  }
}

/**
 * The spec in a file. Its instructions share the file's memory.
 * @throws SpecFileError on bytes that are no such file, or one of another version.
 */
export function readSpec(bytes: Uint8Array): ProgramSpec {
  if (bytes.length < HEADER_SIZE || MAGIC.some((byte, i) => bytes[i] !== byte)) throw damaged('it is none')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const field = (index: number) => view.getUint32(MAGIC.length + 4 * index, true)
  if (field(0) !== VERSION) throw damaged(`its format is version ${field(0)}, not ${VERSION}`)
  const tablesAt = HEADER_SIZE + field(1) * INSTRUCTION_SIZE
  const positionsAt = tablesAt + field(4)
  if (positionsAt + field(5) !== bytes.length) throw damaged('it is cut off')
  const instructions = bytes.subarray(HEADER_SIZE, tablesAt)
  const positions = bytes.subarray(positionsAt)
  try {
    const reader = new ByteReader(bytes.subarray(tablesAt, positionsAt))
    const functions = readFunctions(reader, field(2))
    const references = readReferences(reader, field(3))
    if (!reader.atEnd) throw damaged('its tables are longer than their contents')
    const last = Math.max(
      0,
      ...functions.map((fn) => fn.start),
      ...references.map((reference) => reference.at),
    )
    if (last > 0 && last >= field(1))
      throw damaged('a function or a reference lies outside of its instructions')
    const spec = { instructions, functions, references }
    return positions.length === 0 ? spec : { ...spec, positionOf: lazyPositions(positions) }
  } catch (error) {
    throw error instanceof RangeError ? damaged(error.message) : error
  }
}
