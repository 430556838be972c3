/** Reads what the chunk writer wrote, for listings and tests. */

import { CHUNK_FORMAT } from '../isa/layout.ts'
import { OPCODES, type Opcode } from '../isa/opcodes.ts'
import { LONG_DIFFERENCE } from './write-chunk.ts'

export interface Instruction {
  /** Index of its word. */
  readonly word: number
  readonly opcode: Opcode
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly e: number
  readonly line: number
  /** Kind and constant index of the literal word after it. */
  readonly literal?: { readonly kind: number; readonly index: number }
}

export interface ReadProto {
  readonly parameters: number
  readonly vararg: boolean
  readonly frame: number
  readonly firstLine: number
  readonly lastLine: number
  readonly words: number
  readonly code: readonly Instruction[]
  readonly upvalues: readonly { readonly inStack: boolean; readonly index: number; readonly name: string }[]
  readonly names: readonly {
    readonly word: number
    readonly operand: number
    readonly kind: number
    readonly name: string
  }[]
  readonly locals: readonly {
    readonly name: string
    readonly register: number
    readonly start: number
    readonly end: number
  }[]
  /** Per word, the number of registers in use. */
  readonly live: readonly number[]
}

export interface ReadChunk {
  readonly source: string
  readonly constants: readonly (bigint | string)[]
  /** The last is the main function. */
  readonly protos: readonly ReadProto[]
}

/** Decodes a chunk. Strings have one char per byte. Throws an Error for what is no chunk. */
export function readChunk(bytes: Uint8Array): ReadChunk {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const u32 = (at: number) => view.getUint32(at, true)
  if (bytes.length < 20 || u32(0) !== CHUNK_FORMAT.MAGIC) throw new Error('Cannot read chunk: no chunk')
  if (u32(4) !== CHUNK_FORMAT.VERSION) throw new Error(`Cannot read chunk: version ${u32(4)}`)
  const constants: (bigint | string)[] = []
  let at = 20
  for (let i = u32(8); i > 0; i--) {
    if (view.getUint8(at) === 1) {
      constants.push(view.getBigInt64(at + 1, true))
      at += 9
    } else {
      const length = u32(at + 1)
      constants.push(Buffer.from(bytes.subarray(at + 5, at + 5 + length)).toString('latin1'))
      at += 5 + length
    }
  }
  const protos: ReadProto[] = []
  for (let i = u32(12); i > 0; i--) {
    const size = u32(at)
    protos.push(readProto(new DataView(view.buffer, view.byteOffset + at + 4, size), constants))
    at += 4 + size
  }
  return { source: String(constants[u32(16)]), constants, protos }
}

const HEADER = { parameters: 0, vararg: 1, frame: 2, words: 4, first: 8, last: 12, offsets: 16, code: 40 }

function readProto(view: DataView, constants: readonly (bigint | string)[]): ReadProto {
  const u32 = (at: number) => view.getUint32(at, true)
  const text = (index: number) => String(constants[index & 0xffffff])
  const [upvalues, lines, names, locals, live] = [0, 1, 2, 3, 4].map((i) => u32(HEADER.offsets + i * 4)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const words = u32(HEADER.words)
  const firstLine = u32(HEADER.first)
  return {
    parameters: view.getUint8(HEADER.parameters),
    vararg: view.getUint8(HEADER.vararg) === 1,
    frame: view.getUint8(HEADER.frame),
    firstLine,
    lastLine: u32(HEADER.last),
    words,
    code: readCode(view, words, readLines(view, lines, names, firstLine)),
    upvalues: records(upvalues, lines, 8).map((at) => ({
      inStack: view.getUint8(at) === 1,
      index: view.getUint8(at + 1),
      name: text(u32(at + 4)),
    })),
    names: records(names, locals, 8).map((at) => ({
      word: u32(at) & 0xffffff,
      operand: u32(at) >>> 24,
      kind: u32(at + 4) >>> 24,
      name: text(u32(at + 4)),
    })),
    locals: records(locals, live, 12).map((at) => ({
      name: text(u32(at)),
      start: u32(at + 4) & 0xffffff,
      register: u32(at + 4) >>> 24,
      end: u32(at + 8),
    })),
    live: records(live, lines === names ? live : live + words, 1).map((at) => view.getUint8(at)),
  }
}

function records(from: number, to: number, size: number): number[] {
  return Array.from({ length: (to - from) / size }, (_, i) => from + i * size)
}

function readLines(view: DataView, from: number, to: number, first: number): number[] {
  const lines: number[] = []
  let line = first
  for (let at = from; at < to; at++) {
    if (view.getUint8(at) === LONG_DIFFERENCE) {
      line += view.getInt32(at + 1, true)
      at += 4
    } else line += view.getInt8(at)
    lines.push(line)
  }
  return lines
}

function readCode(view: DataView, words: number, lines: readonly number[]): Instruction[] {
  const code: Instruction[] = []
  for (let word = 0; word < words; word++) {
    const at = HEADER.code + word * 8
    const opcode = OPCODES[view.getUint8(at)]
    if (opcode === undefined) throw new Error(`Cannot read chunk: opcode ${view.getUint8(at)}`)
    const literal = opcode.literal && {
      kind: view.getUint32(at + 8, true),
      index: view.getUint32(at + 12, true),
    }
    code.push({
      word,
      opcode,
      a: view.getUint8(at + 1),
      b: view.getUint8(at + 2),
      c: view.getUint8(at + 3),
      d: view.getInt32(at + 4, true),
      e: view.getInt16(at + 2, true),
      line: lines[word]!,
      ...(literal ? { literal } : {}),
    })
    if (literal) word++
  }
  return code
}
