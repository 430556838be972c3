/** A function's eBPF instructions with labels, and the pass that turns labels into distances. */

import type { Cond, Instruction } from '../ebpf/instruction.ts'
import * as ebpf from '../ebpf/instruction.ts'

/** A place in the code; blocks are labels too. */
export type Label = object

export interface CodeItem {
  instruction: Instruction
  /** Where a jump goes. */
  readonly target: Label | undefined
  /** The function that a call calls, by its number. */
  readonly callee: number | undefined
  /** Offset in the WebAssembly module; -1 unknown. */
  readonly position: number
}

const OPPOSITE: Readonly<Record<Cond, Cond | undefined>> = {
  eq: 'ne',
  ne: 'eq',
  gt: 'le',
  le: 'gt',
  ge: 'lt',
  lt: 'ge',
  sgt: 'sle',
  sle: 'sgt',
  sge: 'slt',
  slt: 'sge',
  set: undefined,
}

export const opposite = (cond: Cond): Cond => OPPOSITE[cond] as Cond

export class MachineCode {
  readonly items: CodeItem[] = []
  readonly #labels = new Map<Label, number>()
  readonly #wanted = new Set<Label>()
  position = -1

  put(...instructions: readonly Instruction[]): void {
    for (const instruction of instructions) this.#add(instruction, undefined, undefined)
  }

  jump(target: Label): void {
    this.#add(ebpf.jump(0), target, undefined)
  }

  mayGoto(target: Label): void {
    this.#add(ebpf.mayGoto(0), target, undefined)
  }

  branchReg(width: 32 | 64, cond: Cond, a: number, b: number, target: Label): void {
    this.#add(ebpf.jumpReg(width, cond, a, b, 0), target, undefined)
  }

  branchImm(width: 32 | 64, cond: Cond, a: number, imm: number, target: Label): void {
    this.#add(ebpf.jumpImm(width, cond, a, imm, 0), target, undefined)
  }

  call(callee: number): void {
    this.#add(ebpf.callFunction(0), undefined, callee)
  }

  mark(label: Label): void {
    this.#labels.set(label, this.items.length)
  }

  /** Does anything jump to this label? */
  isWanted(label: Label): boolean {
    return this.#wanted.has(label)
  }

  #add(instruction: Instruction, target: Label | undefined, callee: number | undefined): void {
    if (target) this.#wanted.add(target)
    this.items.push({ instruction, target, callee, position: this.position })
  }

  /**
   * Replaces labels by distances. Jumps over more than 32,767 instructions become long ones: `gotol`, and a
   * branch around one where they were conditional.
   */
  resolve(): CodeItem[] {
    const long = new Set<number>()
    for (;;) {
      const starts = this.#starts(long)
      const far = this.items.flatMap((item, i) =>
        item.target && !long.has(i) && !isNear(this.#distance(starts, i)) ? [i] : [],
      )
      if (far.length === 0)
        return this.items.flatMap((item, i) => this.#place(item, this.#distance(starts, i), long.has(i)))
      for (const i of far) long.add(i)
    }
  }

  /** Index of each item's first instruction, and of the end. */
  #starts(long: ReadonlySet<number>): number[] {
    const starts = [0]
    this.items.forEach((item, i) => {
      starts.push((starts[i] as number) + (long.has(i) ? longSize(item.instruction) : 1))
    })
    return starts
  }

  #distance(starts: readonly number[], i: number): number {
    const { target } = this.items[i] as CodeItem
    if (!target) return 0
    return (starts[this.#labels.get(target) as number] as number) - (starts[i + 1] as number)
  }

  #place(item: CodeItem, distance: number, isLong: boolean): CodeItem[] {
    const { instruction, target } = item
    if (!target) return [item]
    if (!isLong) return [{ ...item, instruction: { ...instruction, offset: distance } }]
    const far = { ...item, instruction: ebpf.longJump(distance) }
    if (isGoto(instruction)) return [far]
    // goto the jump, or over it
    const over = { ...item, instruction: ebpf.jump(1), target: undefined }
    return [{ ...item, instruction: { ...instruction, offset: 1 } }, over, far]
  }
}

const isNear = (distance: number): boolean => distance >= -32768 && distance <= 32767
const isGoto = ({ code }: Instruction): boolean => code === ebpf.jump(0).code
const longSize = (instruction: Instruction): number => (isGoto(instruction) ? 1 : 3)
