/** Comparisons: as branches, as values, and in selections. */

import type { Cond } from '../ebpf/instruction.ts'
import * as ebpf from '../ebpf/instruction.ts'
import { fitsImmediate, type Operands, S0, S1 } from './emit-operands.ts'
import type { Condition, Node } from './ir.ts'
import { placesUsed } from './liveness.ts'
import { type Label, type MachineCode, opposite } from './machine-code.ts'

const CONDITIONS: Readonly<Record<Condition, Cond>> = {
  eq: 'eq',
  ne: 'ne',
  lt_s: 'slt',
  lt_u: 'lt',
  gt_s: 'sgt',
  gt_u: 'gt',
  le_s: 'sle',
  le_u: 'le',
  ge_s: 'sge',
  ge_u: 'ge',
}

export class Conditions {
  readonly #code: MachineCode
  readonly #operands: Operands

  constructor(code: MachineCode, operands: Operands) {
    this.#code = code
    this.#operands = operands
  }

  /** Branches if the value is not 0, or if it is. */
  branch(condition: Node, ifTrue: boolean, target: Label): void {
    if (condition.kind === 'const') {
      if ((condition.value !== 0n) === ifTrue) this.#code.jump(target)
      return
    }
    if (condition.fused) {
      this.#branchOnParts(condition, ifTrue, target)
      return
    }
    const a = this.#operands.fetch(condition, S0)
    this.#code.branchImm(32, ifTrue ? 'ne' : 'eq', a, 0, target)
  }

  #branchOnParts(condition: Node, ifTrue: boolean, target: Label): void {
    const [a, b, c] = condition.args as [Node, Node, Node]
    if (condition.kind === 'compare') this.compare(condition, ifTrue, target)
    else if (condition.kind === 'select') this.#branchOnSelect(a, b, c, ifTrue, target)
    else if ((condition.op === 'or') === ifTrue) {
      this.branch(a, ifTrue, target)
      this.branch(b, ifTrue, target)
    } else {
      const no = {}
      this.branch(a, !ifTrue, no)
      this.branch(b, ifTrue, target)
      this.#code.mark(no)
    }
  }

  /** a ? b : c as a condition; b or c is often a constant. */
  #branchOnSelect(a: Node, b: Node, c: Node, ifTrue: boolean, target: Label): void {
    const leads = (value: Node): boolean => value.kind === 'const' && (value.value !== 0n) === ifTrue
    const otherwise = {}
    const end = {}
    if (b.kind === 'const') {
      this.branch(a, true, leads(b) ? target : end)
      this.branch(c, ifTrue, target)
    } else if (c.kind === 'const') {
      this.branch(a, false, leads(c) ? target : end)
      this.branch(b, ifTrue, target)
    } else {
      this.branch(a, false, otherwise)
      this.branch(b, ifTrue, target)
      this.#code.jump(end)
      this.#code.mark(otherwise)
      this.branch(c, ifTrue, target)
    }
    this.#code.mark(end)
  }

  /** Branches if a comparison holds, or if it doesn't. */
  compare(node: Node, ifTrue: boolean, target: Label): void {
    const [a, b, zero] = node.args as [Node, Node, Node | undefined]
    const cond = CONDITIONS[node.op as Condition]
    const wanted = ifTrue ? cond : opposite(cond)
    if (a.type === 'i64') {
      this.#compareLong(wanted, a, b, zero, target)
      return
    }
    const left = this.#operands.fetch(a, S0)
    if (b.kind === 'const') this.#code.branchImm(32, wanted, left, Number(b.value), target)
    else this.#code.branchReg(32, wanted, left, this.#operands.fetch(b, S1), target)
  }

  #compareLong(cond: Cond, a: Node, b: Node, zero: Node | undefined, target: Label): void {
    const operands = this.#operands
    if (!zero) {
      const left = operands.fetch(a, S0)
      this.#code.branchReg(64, cond, left, operands.fetch(b, S1), target)
      return
    }
    if (b.kind === 'const' && b.value === 0n) {
      const left = operands.fetch(a, S0)
      this.#code.branchReg(64, cond, left, operands.fetch(zero, S1), target)
      return
    }
    // the side that the verifier must not learn from is mixed with the opaque zero
    const [mixed, plain] = b.kind === 'const' ? [b, a] : [a, b]
    operands.moveTo(S0, mixed, 'any')
    this.#code.put(ebpf.aluReg(64, 'xor', S0, operands.fetch(zero, S1)))
    const other = operands.fetch(plain, S1)
    if (mixed === b) this.#code.branchReg(64, cond, other, S0, target)
    else this.#code.branchReg(64, cond, S0, other, target)
  }

  /** 0 or 1 for a comparison whose value is needed. */
  value(node: Node): void {
    const dst = this.#operands.resultRegister(node)
    const end = {}
    if (this.#operands.registerOf(node) !== undefined && !this.#reads(node.args, dst)) {
      this.#operands.base(dst)
      this.compare(node, false, end)
      this.#code.put(ebpf.aluImm(32, 'or', dst, 1))
      this.#code.mark(end)
      return
    }
    const isFalse = {}
    this.compare(node, false, isFalse)
    this.#code.put(ebpf.aluImm(32, 'mov', dst, 1))
    this.#code.jump(end)
    this.#code.mark(isFalse)
    this.#code.put(ebpf.aluImm(32, 'mov', dst, 0))
    this.#code.mark(end)
    this.#code.put(ebpf.castToArena(dst, dst))
    this.#operands.finish(node, dst)
  }

  select(node: Node): void {
    const [condition, a, b] = node.args as [Node, Node, Node]
    const want = node.type === 'i32' ? 'arena' : 'any'
    const dst = this.#operands.registerOf(node)
    const end = {}
    const holds = (value: Node): boolean =>
      dst !== undefined && this.#operands.registerOf(value) === dst && (want === 'any' || !value.scalar)
    if (dst !== undefined && (holds(a) || holds(b))) {
      this.branch(condition, holds(a), end)
      this.#operands.moveTo(dst, holds(a) ? b : a, want)
      this.#code.mark(end)
      return
    }
    if (dst !== undefined && !this.#reads([condition, b], dst)) {
      this.#operands.moveTo(dst, a, want)
      this.branch(condition, true, end)
      this.#operands.moveTo(dst, b, want)
      this.#code.mark(end)
      return
    }
    const isTrue = {}
    const to = dst ?? S0
    this.branch(condition, true, isTrue)
    this.#operands.moveTo(to, b, want)
    this.#code.jump(end)
    this.#code.mark(isTrue)
    this.#operands.moveTo(to, a, want)
    this.#code.mark(end)
    this.#operands.finish(node, to)
  }

  #reads(args: readonly Node[], register: number): boolean {
    return [...placesUsed(args)].some((arg) => this.#operands.registerOf(arg) === register)
  }
}

export const isImmediate = (node: Node): boolean =>
  node.kind === 'const' && (node.type === 'i32' || fitsImmediate(node.value))
