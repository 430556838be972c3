/** Arithmetic and conversions: two-address instructions out of three-address ones. */
import type { AluOp } from '../ebpf/instruction.ts'
import * as ebpf from '../ebpf/instruction.ts'
import { isImmediate } from './emit-conditions.ts'
import { type Operands, S0, S1 } from './emit-operands.ts'
import type { BinaryOp, Node } from './ir.ts'
import type { Label, MachineCode } from './machine-code.ts'

const OPERATIONS: Readonly<Record<Exclude<BinaryOp, 'rotl' | 'rotr'>, AluOp>> = {
  add: 'add',
  sub: 'sub',
  mul: 'mul',
  div_s: 'sdiv',
  div_u: 'div',
  rem_s: 'smod',
  rem_u: 'mod',
  and: 'and',
  or: 'or',
  xor: 'xor',
  shl: 'lsh',
  shr_s: 'arsh',
  shr_u: 'rsh',
}
const COMMUTATIVE: ReadonlySet<AluOp> = new Set<AluOp>(['add', 'mul', 'and', 'or', 'xor'])
const SHIFTS: ReadonlySet<AluOp> = new Set<AluOp>(['lsh', 'rsh', 'arsh'])
const LEAST_LONG = -(1n << 63n)
const LEAST = -(2 ** 31)

export class Arithmetic {
  readonly #code: MachineCode
  readonly #operands: Operands
  readonly #trap: Label

  constructor(code: MachineCode, operands: Operands, trap: Label) {
    this.#code = code
    this.#operands = operands
    this.#trap = trap
  }

  emit(node: Node): void {
    const a = node.args[0] as Node
    switch (node.kind) {
      case 'binary':
        this.#binary(node, OPERATIONS[node.op as keyof typeof OPERATIONS])
        return
      case 'launder':
        this.#combine(node, 'xor', a, node.args[1] as Node)
        return
      case 'wrap':
        this.#convert(node, (dst, src) =>
          node.scalar ? ebpf.aluReg(32, 'mov', dst, src) : ebpf.castToArena(dst, src),
        )
        return
      case 'extend_u':
        if (!a.scalar || a.kind === 'const') {
          this.#convert(node, (dst, src) => ebpf.aluReg(32, 'mov', dst, src))
          return
        }
        this.#move(node, a)
        return
      case 'extend_s':
        this.#convert(node, (dst, src) => ebpf.moveSigned(64, 32, dst, src))
        return
      default:
        this.#extend(node)
    }
  }

  #move(node: Node, a: Node): void {
    const dst = this.#operands.resultRegister(node)
    this.#operands.moveTo(dst, a, 'scalar')
    this.#operands.finish(node, dst)
  }

  #convert(node: Node, instruction: (dst: number, src: number) => ebpf.Instruction): void {
    const dst = this.#operands.resultRegister(node)
    this.#code.put(instruction(dst, this.#operands.fetch(node.args[0] as Node, S1)))
    this.#operands.finish(node, dst)
  }

  /** Sign extension within a type. */
  #extend(node: Node): void {
    const bits = Number(/\d+/.exec(node.op as string)?.[0]) as 8 | 16 | 32
    const dst = this.#operands.resultRegister(node)
    const src = this.#operands.fetch(node.args[0] as Node, S1)
    this.#code.put(ebpf.moveSigned(node.type === 'i64' ? 64 : 32, bits, dst, src))
    if (node.type === 'i32' && !node.scalar) this.#code.put(ebpf.castToArena(dst, dst))
    this.#operands.finish(node, dst)
  }

  #binary(node: Node, op: AluOp): void {
    const [a, b] = node.args as [Node, Node]
    if (/div|mod/.test(op)) this.#guardDivision(node, op)
    if (!isImmediate(b)) {
      this.#combine(node, op, a, b)
      return
    }
    const width = node.type === 'i64' ? 64 : 32
    const dst = this.#operands.resultRegister(node)
    this.#operands.moveTo(dst, a, 'arena')
    const imm = SHIFTS.has(op) ? Number(b.value & BigInt(width - 1)) : Number(b.value)
    if (!(imm === 0 && /div|mod/.test(op))) this.#code.put(ebpf.aluImm(width, op, dst, imm)) // by zero: it has trapped
    this.#operands.finish(node, dst)
  }

  /** dst := a op b, where dst may lie in b's register. */
  #combine(node: Node, op: AluOp, a: Node, b: Node): void {
    const width = node.type === 'i64' ? 64 : 32
    const dst = this.#operands.resultRegister(node)
    const isInPlace = this.#operands.registerOf(b) === dst && this.#operands.registerOf(a) !== dst
    if (isInPlace && COMMUTATIVE.has(op)) {
      this.#operands.moveTo(dst, b, 'arena')
      this.#code.put(ebpf.aluReg(width, op, dst, this.#operands.fetch(a, S1)))
      this.#operands.finish(node, dst)
      return
    }
    const work = isInPlace ? S0 : dst
    const right = this.#operands.fetch(b, S1)
    this.#operands.moveTo(work, a, 'arena')
    this.#code.put(ebpf.aluReg(width, op, work, right))
    this.#operands.finish(node, work)
  }

  /** Division by zero, and the one quotient that has no representation, trap as WebAssembly says. */
  #guardDivision(node: Node, op: AluOp): void {
    const [a, b] = node.args as [Node, Node]
    const width = node.type === 'i64' ? 64 : 32
    if (b.kind === 'const' && b.value === 0n) {
      // the verifier must not see that the rest is never reached
      this.#operands.base(S1)
      this.#code.branchImm(32, 'eq', S1, 0, this.#trap)
      return
    }
    if (b.kind !== 'const') this.#code.branchImm(width, 'eq', this.#operands.fetch(b, S1), 0, this.#trap)
    if (op !== 'sdiv' || (b.kind === 'const' && b.value !== -1n)) return
    const fine = {}
    if (b.kind !== 'const') this.#code.branchImm(width, 'ne', this.#operands.fetch(b, S1), -1, fine)
    const dividend = this.#operands.fetch(a, S1)
    if (width === 64) {
      this.#code.put(...ebpf.loadImm64(S0, LEAST_LONG))
      this.#code.branchReg(64, 'eq', dividend, S0, this.#trap)
    } else this.#code.branchImm(32, 'eq', dividend, LEAST, this.#trap)
    this.#code.mark(fine)
  }
}
