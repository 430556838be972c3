/** Tenth pass: writes a function's eBPF instructions. */
import * as ebpf from '../ebpf/instruction.ts'
import type { Allocation } from './allocate.ts'
import { Arithmetic } from './emit-arithmetic.ts'
import { Conditions, isImmediate } from './emit-conditions.ts'
import { type Copy, Operands, S0, S1 } from './emit-operands.ts'
import { emitSwitch } from './emit-switch.ts'
import { largestSwitch } from './frequency.ts'
import { type Block, type Func, type Node, successors } from './ir.ts'
import { needsPlace, phiCopies } from './liveness.ts'
import { LoopHub } from './loop-hub.ts'
import { type Label, MachineCode } from './machine-code.ts'
import { type Memory, MOST_OFFSET } from './prepare.ts'

const ARGUMENTS = 5

class Emitter {
  readonly #f: Func
  readonly #allocation: Allocation
  readonly #memory: Memory
  readonly #code = new MachineCode()
  readonly #operands: Operands
  readonly #conditions: Conditions
  readonly #arithmetic: Arithmetic
  /** Sets the trap word, then leaves. */
  readonly #trap: Label = {}
  /** Leaves: a callee has trapped. */
  readonly #leave: Label = {}
  /** How often the cases of the largest switch are taken. */
  readonly #weights: readonly number[] | undefined
  readonly #profiled: Block | undefined
  readonly #hub: LoopHub
  /** All registers that the function writes. */
  readonly #used: ReadonlySet<number>

  constructor(f: Func, allocation: Allocation, memory: Memory, frame: number, weights?: readonly number[]) {
    this.#f = f
    this.#weights = weights
    this.#profiled = largestSwitch(f)
    this.#hub = new LoopHub(f, weights !== undefined)
    this.#allocation = allocation
    this.#memory = memory
    this.#operands = new Operands(this.#code, allocation, memory.zero, frame)
    this.#conditions = new Conditions(this.#code, this.#operands)
    this.#arithmetic = new Arithmetic(this.#code, this.#operands, this.#trap)
    this.#used = this.#registersUsed()
  }

  emit(): MachineCode {
    if (this.#allocation.base !== undefined) this.#operands.base(this.#allocation.base)
    this.#parameters()
    const blocks = this.#f.blocks.filter((block) => !this.#isEmpty(block))
    blocks.forEach((block, i) => {
      this.#block(block, blocks[i + 1])
    })
    this.#exits()
    return this.#code
  }

  #registersUsed(): Set<number> {
    const used = new Set([S0, S1])
    for (const block of this.#f.blocks)
      for (const node of [...block.phis, ...block.nodes]) {
        if (node.kind === 'call') for (let register = 1; register <= ARGUMENTS; register++) used.add(register)
        if (!needsPlace(node)) continue
        const place = this.#allocation.placeOf(node)
        if (place.kind === 'register') used.add(place.register)
      }
    return used
  }

  #parameters(): void {
    const params = this.#f.entry.nodes.filter(({ kind }) => kind === 'param')
    this.#operands.copyAll(
      params.map((value): Copy => {
        const from = { kind: 'register', register: value.index + 1 } as const
        return { to: this.#operands.placeOf(value), value, want: value.scalar ? 'any' : 'arena', from }
      }),
    )
  }

  #copiesFor(block: Block): Copy[] {
    const copies = successors(block).flatMap((to) => phiCopies(block, to))
    return copies.map(({ dst, src }) => ({
      to: this.#operands.placeOf(dst),
      value: src,
      want: dst.type === 'i32' ? 'arena' : 'any',
    }))
  }

  /** Does the block nothing but jump on? Values for phis may already be where they belong. */
  #isEmpty(block: Block): boolean {
    const { nodes, isHeader, end } = block
    const { entry } = this.#f
    if (block === entry || isHeader || nodes.length > 0 || end?.kind !== 'jump' || end.target === block)
      return false
    return this.#copiesFor(block).every((copy) => this.#operands.isInPlace(copy))
  }

  /** Where a jump to a block leads, past blocks that do nothing. */
  #target(block: Block): Block {
    let target = block
    while (this.#isEmpty(target)) target = successors(target)[0] as Block
    return target
  }

  #block(block: Block, next: Block | undefined): void {
    this.#code.mark(block)
    if (block.isHeader) this.#header(block)
    for (const node of block.nodes) {
      this.#code.position = node.position
      if (!node.fused) this.#node(node)
    }
    this.#operands.copyAll(this.#copiesFor(block))
    this.#end(block, next)
  }

  /**
   * A loop begins: what is dead becomes zero, so that the verifier of older kernels finds the states of two
   * rounds equal; then the kernel's own limit on loops.
   */
  #header(block: Block): void {
    const live = this.#allocation.liveInto(block)
    for (const register of this.#used)
      if (!live.has(register)) this.#code.put(ebpf.aluImm(32, 'mov', register, 0))
    this.#hub.count(this.#code, block, this.#trap)
  }

  #node(node: Node): void {
    switch (node.kind) {
      case 'param':
      case 'base':
      case 'zero':
        return // made at the beginning, or where it is used
      case 'load':
        this.#load(node)
        return
      case 'store':
        this.#store(node)
        return
      case 'call':
        this.#call(node)
        return
      case 'compare':
        this.#conditions.value(node)
        return
      case 'select':
        this.#conditions.select(node)
        return
      case 'trap-check':
        this.#checkTrap(node)
        return
      default:
        this.#arithmetic.emit(node)
    }
  }

  /** Register and offset of an access; an offset beyond the arena's guards is added first. */
  #address(node: Node): { base: number; offset: number } {
    const address = node.args[0] as Node
    if (node.offset <= MOST_OFFSET) return { base: this.#operands.fetch(address, S0), offset: node.offset }
    this.#operands.moveTo(S0, address, 'arena')
    this.#code.put(ebpf.aluImm(32, 'add', S0, node.offset))
    return { base: S0, offset: 0 }
  }

  #load(node: Node): void {
    const { base, offset } = this.#address(node)
    const dst = this.#operands.resultRegister(node)
    this.#code.put(ebpf.load(node.bytes, dst, base, offset))
    const isWhole = node.bytes === 8 || (node.bytes === 4 && node.type === 'i32')
    if (node.signed && !isWhole)
      this.#code.put(
        ebpf.moveSigned(node.type === 'i64' ? 64 : 32, (node.bytes * 8) as 8 | 16 | 32, dst, dst),
      )
    if (node.type === 'i32' && !node.scalar) this.#code.put(ebpf.castToArena(dst, dst))
    this.#operands.finish(node, dst)
  }

  #store(node: Node): void {
    const value = node.args[1] as Node
    const { base, offset } = this.#address(node)
    if (isImmediate(value)) this.#code.put(ebpf.storeImm(node.bytes, base, offset, Number(value.value)))
    else this.#code.put(ebpf.store(node.bytes, base, offset, this.#operands.fetch(value, S1)))
  }

  #call(node: Node): void {
    this.#operands.copyAll(
      node.args.map(
        (value, i): Copy => ({ to: { kind: 'register', register: i + 1 }, value, want: 'scalar' }),
      ),
    )
    this.#code.call(node.index)
    if (!needsPlace(node)) return
    const dst = this.#operands.resultRegister(node)
    if (node.type === 'i32' && !node.scalar) this.#code.put(ebpf.castToArena(dst, S0))
    else if (dst !== S0) this.#code.put(ebpf.aluReg(64, 'mov', dst, S0))
    this.#operands.finish(node, dst)
  }

  #checkTrap(node: Node): void {
    const base = this.#operands.fetch(node.args[0] as Node, S1)
    this.#code.put(ebpf.load(4, S1, base, this.#memory.trap))
    this.#code.branchImm(32, 'ne', S1, 0, this.#leave)
  }

  #end(block: Block, next: Block | undefined): void {
    const { end } = block
    if (!end) return
    if (end.kind !== 'jump') this.#code.position = end.position
    switch (end.kind) {
      case 'jump':
        this.#goto(this.#target(end.target), next)
        return
      case 'branch':
        this.#branch(end.condition, this.#target(end.taken), this.#target(end.otherwise), next)
        return
      case 'switch': {
        const targets = end.targets.map((target) => this.#target(target))
        const weights = block === this.#profiled ? this.#weights : undefined
        emitSwitch(this.#code, this.#operands.fetch(end.index, S0), targets, next, weights)
        return
      }
      case 'return':
        if (end.value) this.#operands.moveTo(S0, end.value, 'scalar')
        else this.#code.put(ebpf.aluImm(32, 'mov', S0, 0))
        this.#code.put(ebpf.exit())
        return
      case 'trap':
        this.#code.jump(this.#trap)
    }
  }

  #goto(target: Block, next: Block | undefined): void {
    if (target !== next) this.#code.jump(target)
  }

  #branch(condition: Node, taken: Block, otherwise: Block, next: Block | undefined): void {
    if (taken === otherwise) this.#goto(taken, next)
    else if (taken === next) this.#conditions.branch(condition, false, otherwise)
    else {
      this.#conditions.branch(condition, true, taken)
      this.#goto(otherwise, next)
    }
  }

  #exits(): void {
    this.#code.position = -1
    this.#hub.emit(this.#code, this.#trap)
    const traps = this.#code.isWanted(this.#trap)
    if (traps) {
      this.#code.mark(this.#trap)
      this.#operands.base(S1)
      this.#code.put(ebpf.storeImm(4, S1, this.#memory.trap, 1))
    }
    if (!traps && !this.#code.isWanted(this.#leave)) return
    this.#code.mark(this.#leave)
    this.#code.put(ebpf.aluImm(32, 'mov', S0, 0), ebpf.exit())
  }
}

/**
 * The instructions of a function whose values have places. `frame` is the address of its frame, `weights` say how
 * often the cases of its largest switch are taken.
 */
export function emit(
  f: Func,
  allocation: Allocation,
  memory: Memory,
  frame: number,
  weights?: readonly number[],
): MachineCode {
  return new Emitter(f, allocation, memory, frame, weights).emit()
}
