/**
 * The instructions of one function while they are being generated, with their lines and the names of
 * their operands. Encodings are those of src/isa/opcodes.ts.
 */

import { OP, OPCODES } from '../isa/opcodes.ts'

/** What a name in an error message is the name of; numbers as in docs/design/vm.md, "Chunks". */
export const NAME_KIND = {
  local: 1,
  upvalue: 2,
  global: 3,
  field: 4,
  method: 5,
  constant: 6,
  iterator: 7,
} as const

/** Kinds of literal words in a chunk. */
export const LITERAL = { nil: 0, false: 1, true: 2, constant: 3 } as const

/** The name of an operand of an instruction. */
export interface OperandName {
  readonly word: number
  readonly operand: number
  readonly kind: number
  /** Index in the constant pool. */
  readonly name: number
}

/** Words that an instruction index can count in debug information. */
export const MOST_WORDS = 0xffffff

const ENDS_FLOW: ReadonlySet<string> = new Set(['JMP', 'RETURN', 'RETURN0', 'RETURN1', 'TAILCALL'])

export class CodeBuffer {
  /** Per word: op, A, B and C. */
  readonly low: number[] = []
  /** Per word: D. */
  readonly high: number[] = []
  readonly lines: number[] = []
  readonly names: OperandName[] = []
  /** Whether the next instruction can be reached. */
  reachable = true

  get here(): number {
    return this.low.length
  }

  /** Notes that something jumps to the next instruction; returns its index. */
  mark(): number {
    this.reachable = true
    return this.here
  }

  /** Appends an instruction; returns its index. */
  emit(op: string, a: number, b: number, c: number, d: number, line: number): number {
    const code = OP[op]
    if (code === undefined) throw new Error(`no opcode ${op}`)
    this.low.push((code | (a << 8) | (b << 16) | (c << 24)) >>> 0)
    this.high.push(d)
    this.lines.push(line)
    if (ENDS_FLOW.has(op)) this.reachable = false
    return this.here - 1
  }

  abc(op: string, a: number, b: number, c: number, line: number): number {
    return this.emit(op, a, b, c, 0, line)
  }

  abd(op: string, a: number, b: number, d: number, line: number): number {
    return this.emit(op, a, b, 0, d, line)
  }

  /** An instruction that jumps to where `patch` will say. */
  jump(op: string, a: number, b: number, line: number): number {
    return this.emit(op, a, b, 0, 0, line)
  }

  /** A jump that compares with the 16-bit number `e`. */
  jumpImmediate(op: string, a: number, e: number, line: number): number {
    return this.emit(op, a, e & 0xff, (e >> 8) & 0xff, 0, line)
  }

  /** A jump that compares with a literal word. */
  jumpLiteral(op: string, a: number, kind: number, index: number, line: number): number {
    const at = this.emit(op, a, 0, 0, 0, line)
    this.low.push(kind)
    this.high.push(index)
    this.lines.push(line)
    return at
  }

  /** Names an operand of the instruction at `word`. */
  name(word: number, operand: number, kind: number, name: number): void {
    this.names.push({ word, operand, kind, name })
  }

  /** Makes jumps go to the instruction at `target`. */
  patch(jumps: readonly number[], target: number): void {
    for (const at of jumps) this.high[at] = (target - this.after(at)) * 8
  }

  /** Makes jumps go to the next instruction. */
  patchHere(jumps: readonly number[]): void {
    if (jumps.length > 0) this.patch(jumps, this.mark())
  }

  /** Index of the instruction that follows the one at `at`. */
  after(at: number): number {
    return at + (OPCODES[this.low[at]! & 0xff]!.literal ? 2 : 1)
  }

  /** Lets jumps to a JMP go where that goes. */
  threadJumps(): void {
    for (let at = 0; at < this.here; at = this.after(at)) {
      if (OPCODES[this.low[at]! & 0xff]!.d !== 'jump') continue
      const target = this.finalTarget(at)
      this.high[at] = (target - this.after(at)) * 8
    }
  }

  private finalTarget(at: number): number {
    let target = this.target(at)
    for (let hops = 0; hops < 16 && target < this.here && (this.low[target]! & 0xff) === OP.JMP; hops++) {
      target = this.target(target)
    }
    return target
  }

  /** Index of the instruction that the jump at `at` goes to. */
  target(at: number): number {
    return this.after(at) + this.high[at]! / 8
  }
}
