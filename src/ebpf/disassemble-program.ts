/** The listing of a whole program; `assemble.ts` reads it back. */
import { disassemble } from './disassemble.ts'
import { formOf, targetOf } from './form-of.ts'
import { INSTRUCTION_SIZE, type Instruction, instructionAt, isWide } from './instruction.ts'
import type { FunctionSpec, ProgramSpec, SourcePosition } from './program-spec.ts'

function header({ linkage, name, parameters }: FunctionSpec): string {
  return `${linkage} func ${name}(${Array.from({ length: parameters }, (_, i) => `r${i + 1}`).join(', ')})`
}

function showPosition({ file, line, wasmOffset }: SourcePosition): string {
  const source = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`]
  return [...source, `wasm 0x${wasmOffset.toString(16)}`].join(', ')
}

/** A reader of one program's slots. */
class Listing {
  readonly #spec: ProgramSpec
  readonly #view: DataView
  readonly #count: number
  readonly #references: Map<number, ProgramSpec['references'][number]>
  readonly #functions: Map<number, string>

  constructor(spec: ProgramSpec) {
    const { buffer, byteOffset, byteLength } = spec.instructions
    this.#spec = spec
    this.#view = new DataView(buffer, byteOffset, byteLength)
    this.#count = byteLength / INSTRUCTION_SIZE
    this.#references = new Map(spec.references.map((reference) => [reference.at, reference]))
    this.#functions = new Map(spec.functions.map(({ start, name }) => [start, name]))
  }

  *lines(): Generator<string> {
    const { functions } = this.#spec
    for (const [i, fn] of functions.entries()) {
      if (i > 0) yield ''
      yield header(fn)
      yield* this.#functionLines(fn.start, functions[i + 1]?.start ?? this.#count)
    }
  }

  *#functionLines(start: number, end: number): Generator<string> {
    const labels = this.#labels(start, end)
    let shown = ''
    for (const [index, instruction] of this.#instructions(start, end)) {
      if (labels.has(index)) yield `L${index}:`
      const text = this.#text(instruction, index, labels)
      const position = this.#spec.positionOf?.(index)
      const where = position === undefined ? '' : showPosition(position)
      const line = `${`${index}`.padStart(6)}: ${text}`
      yield where === '' || where === shown ? line : `${line.padEnd(48)} ; ${where}`
      shown = where
    }
  }

  *#instructions(start: number, end: number): Generator<[number, Instruction]> {
    for (let index = start; index < end; index++) {
      const instruction = instructionAt(this.#view, index)
      yield [index, instruction]
      if (isWide(instruction)) index++
    }
  }

  /** Targets of jumps within a function. */
  #labels(start: number, end: number): Set<number> {
    const starts = new Set<number>()
    const targets = new Set<number>()
    for (const [index, instruction] of this.#instructions(start, end)) {
      starts.add(index)
      const kind = formOf(instruction)?.operation.kind
      const target = targetOf(instruction, index)
      if (target !== undefined && kind !== 'call' && kind !== 'load-imm64') targets.add(target)
    }
    return new Set([...targets].filter((target) => starts.has(target)))
  }

  #text(instruction: Instruction, index: number, labels: ReadonlySet<number>): string {
    const next = index + 1 < this.#count ? instructionAt(this.#view, index + 1) : undefined
    const target = targetOf(instruction, index)
    const isLabel = target !== undefined && labels.has(target)
    return disassemble(instruction, next, {
      reference: this.#references.get(index),
      target: isLabel ? `L${target}` : undefined,
      callee: target === undefined ? undefined : this.#functions.get(target),
    })
  }
}

/**
 * A listing with a header for each function, indices of slots, labels at targets of jumps, references by name,
 * and source positions where they change.
 */
export function disassembleProgram(spec: ProgramSpec): string {
  return `${[...new Listing(spec).lines()].join('\n')}\n`
}
