/**
 * The BTF of our own programs. The verifier wants it for each function: from a function of global linkage with
 * named arguments it learns that it may verify the function once, on its own.
 */
import type { FunctionSpec } from '../ebpf/program-spec.ts'
import { BTF_HEADER_SIZE, BTF_MAGIC, KIND } from './btf-format.ts'

export interface ProgramBtf {
  /** What BPF_BTF_LOAD takes. */
  readonly bytes: Uint8Array
  /** `struct bpf_func_info` for each function: index of its first instruction, type. */
  readonly functionInfo: Uint8Array
  readonly functionInfoSize: number
}

/** `enum btf_func_linkage` */
const LINKAGE = { static: 0, global: 1 } as const

const FUNCTION_INFO_SIZE = 8
const INT_BITS = 64

class Writer {
  readonly #words: number[] = []
  #strings = '\0'
  readonly #offsets = new Map<string, number>()
  #types = 0

  /** Adds a type with the words that follow it, and gives its id. */
  type(
    name: string,
    kind: number,
    vlen: number,
    sizeOrType: number,
    trailer: readonly number[] = [],
  ): number {
    this.#words.push(this.string(name), (kind << 24) | vlen, sizeOrType, ...trailer)
    return ++this.#types
  }

  string(text: string): number {
    if (text === '') return 0
    const known = this.#offsets.get(text)
    if (known !== undefined) return known
    const offset = this.#strings.length
    this.#strings += `${text}\0`
    this.#offsets.set(text, offset)
    return offset
  }

  finish(): Uint8Array {
    const typeBytes = this.#words.length * 4
    const bytes = new Uint8Array(BTF_HEADER_SIZE + typeBytes + this.#strings.length)
    const view = new DataView(bytes.buffer)
    view.setUint16(0, BTF_MAGIC, true)
    view.setUint8(2, 1)
    const header = [BTF_HEADER_SIZE, 0, typeBytes, typeBytes, this.#strings.length]
    header.forEach((word, i) => {
      view.setUint32(4 + 4 * i, word, true)
    })
    this.#words.forEach((word, i) => {
      view.setUint32(BTF_HEADER_SIZE + 4 * i, word, true)
    })
    // names are C identifiers, so a character is a byte
    new TextEncoder().encodeInto(this.#strings, bytes.subarray(BTF_HEADER_SIZE + typeBytes))
    return bytes
  }
}

/** The types of functions: arguments and results are unsigned integers of 64 bits. */
export function encodeProgramBtf(functions: readonly FunctionSpec[]): ProgramBtf {
  const writer = new Writer()
  const integer = writer.type('u64', KIND.INT, 0, INT_BITS / 8, [INT_BITS])
  const prototypes = new Map<number, number>()
  const prototypeOf = (parameters: number) => {
    const known = prototypes.get(parameters)
    if (known !== undefined) return known
    const words = Array.from({ length: parameters }, (_, i) => [writer.string(`a${i + 1}`), integer])
    const id = writer.type('', KIND.PROTOTYPE, parameters, integer, words.flat())
    prototypes.set(parameters, id)
    return id
  }
  const info = new Uint8Array(functions.length * FUNCTION_INFO_SIZE)
  const view = new DataView(info.buffer)
  functions.forEach(({ name, start, parameters, linkage }, i) => {
    const prototype = prototypeOf(parameters)
    view.setUint32(i * FUNCTION_INFO_SIZE, start, true)
    const id = writer.type(name, KIND.FUNCTION, LINKAGE[linkage], prototype)
    view.setUint32(i * FUNCTION_INFO_SIZE + 4, id, true)
  })
  return { bytes: writer.finish(), functionInfo: info, functionInfoSize: FUNCTION_INFO_SIZE }
}
