/** Operands of the emitted instructions: values fetched into registers and put where they belong. */
import * as ebpf from '../ebpf/instruction.ts'
import type { Allocation, Place } from './allocate.ts'
import { placeKey } from './allocate.ts'
import type { Node } from './ir.ts'
import { needsPlace } from './liveness.ts'
import type { MachineCode } from './machine-code.ts'

/** Scratch registers, in which nothing lives from one node to the next. */
export const S0 = 0
export const S1 = 1
/** What the verifier is to take a 32-bit value for; `any` where it doesn't matter. */
export type Want = 'arena' | 'scalar' | 'any'

export const fitsImmediate = (value: bigint): boolean => value === BigInt.asIntN(32, value)

/** A copy of a value into a place, of several that happen at once. */
export interface Copy {
  readonly to: Place
  readonly value: Node
  readonly want: Want
  /** The register in which an argument comes, as a scalar, and which nothing else needs. */
  readonly from?: { readonly kind: 'register'; readonly register: number }
}

interface PendingCopy extends Copy {
  /** Where the value is by now; undefined for what is in no place. */
  source: Place | undefined
  /** It has come from the frame, as a scalar. */
  loaded: boolean
}

export class Operands {
  readonly #code: MachineCode
  readonly #allocation: Allocation
  readonly #zero: number
  readonly #frame: number

  /** `zero`, `frame`: addresses of the opaque zero and of the function's frame. */
  constructor(code: MachineCode, allocation: Allocation, zero: number, frame: number) {
    this.#code = code
    this.#allocation = allocation
    this.#zero = zero
    this.#frame = frame
  }

  placeOf(node: Node): Place {
    return this.#allocation.placeOf(node)
  }

  /** The register in which a value lies; undefined if it lies in none. */
  registerOf(node: Node): number | undefined {
    if (!needsPlace(node)) return undefined
    const place = this.placeOf(node)
    return place.kind === 'register' ? place.register : undefined
  }

  /** A register that holds the value: its own, or `scratch`. */
  fetch(node: Node, scratch: number): number {
    const own = this.registerOf(node)
    if (own !== undefined) return own
    this.moveTo(scratch, node, node.type === 'i32' && !node.fused ? 'arena' : 'any')
    return scratch
  }

  /** Brings a value into a register, as an arena pointer or a scalar. */
  moveTo(register: number, node: Node, want: Want): void {
    if (node.kind === 'const') this.constant(register, node, want)
    else if (node.kind === 'wrap' && node.fused) this.#half(register, node)
    else if (node.kind === 'zero') this.#code.put(ebpf.load(8, register, this.#base(), this.#zero))
    else this.#move(register, this.placeOf(node), node.type === 'i32', node.scalar, want)
  }

  constant(register: number, { type, value }: Node, want: Want): void {
    const isArena = type === 'i32' && want === 'arena'
    if (!fitsImmediate(value)) this.#code.put(...ebpf.loadImm64(register, value))
    else this.#code.put(ebpf.aluImm(type === 'i32' || value >= 0n ? 32 : 64, 'mov', register, Number(value)))
    if (isArena) this.#code.put(ebpf.castToArena(register, register))
  }

  /** Makes the arena's address 0 in a register. */
  base(register: number): void {
    this.#code.put(ebpf.aluImm(32, 'mov', register, 0), ebpf.castToArena(register, register))
  }

  #move(register: number, from: Place, isShort: boolean, isScalar: boolean, want: Want): void {
    let source = register
    // what has been put away comes back as a scalar, whatever it was
    let comesAsScalar = isScalar
    if (from.kind === 'slot') {
      this.#code.put(ebpf.load(8, register, this.#base(), this.#slot(from.slot)))
      comesAsScalar = true
    } else source = from.register
    if (isShort && want === 'arena' && comesAsScalar) this.#code.put(ebpf.castToArena(register, source))
    else if (isShort && want === 'scalar' && !comesAsScalar)
      this.#code.put(ebpf.aluReg(32, 'mov', register, source))
    else if (source !== register) this.#code.put(ebpf.aluReg(64, 'mov', register, source))
  }

  /** A half of a 64-bit value, taken where it is used. */
  #half(register: number, node: Node): void {
    const [whole] = node.args as [Node]
    const [value, count] = whole.fused ? (whole.args as [Node, Node]) : [whole]
    this.moveTo(register, value, 'any')
    const op = whole.op === 'shr_u' ? 'rsh' : 'arsh'
    if (count) this.#code.put(ebpf.aluImm(64, op, register, Number(count.value & 63n)))
    if (!node.scalar) this.#code.put(ebpf.castToArena(register, register))
    else if (!count) this.#code.put(ebpf.aluReg(32, 'mov', register, register)) // a 32-bit comparison sees no more
  }

  /** The register of the arena's address 0. */
  #base(): number {
    return this.#allocation.base as number
  }

  #slot(slot: number): number {
    return this.#frame + 8 * slot
  }

  #put(slot: number, register: number): void {
    this.#code.put(ebpf.store(8, this.#base(), this.#slot(slot), register))
  }

  /** The register in which a node's result is made. */
  resultRegister(node: Node): number {
    return this.registerOf(node) ?? S0
  }

  /** Puts the result where it belongs, if it has been made elsewhere. */
  finish(node: Node, register: number): void {
    const place = this.placeOf(node)
    if (place.kind === 'slot') this.#put(place.slot, register)
    else if (place.kind === 'register' && place.register !== register)
      this.#code.put(ebpf.aluReg(64, 'mov', place.register, register))
  }

  /**
   * Copies that happen at once: one whose target nobody reads any more goes first; where they form a circle,
   * r0 takes a value out of it. r1 carries values from slot to slot.
   */
  copyAll(copies: readonly Copy[]): void {
    const pending = copies.map(
      (copy): PendingCopy => ({ ...copy, source: this.#sourceOf(copy), loaded: false }),
    )
    while (pending.length > 0) {
      const free = pending.findIndex(
        ({ to }, i) =>
          !pending.some(({ source }, j) => j !== i && source && placeKey(source) === placeKey(to)),
      )
      const [copy] = pending.splice(Math.max(free, 0), 1) as [PendingCopy]
      if (free >= 0) {
        this.#copy(copy)
        continue
      }
      // what the first target holds moves to r0, for whoever reads it
      const held = copy.to
      this.#raw(S0, held)
      for (const other of pending)
        if (other.source && placeKey(other.source) === placeKey(held)) {
          other.source = { kind: 'register', register: S0 }
          other.loaded = held.kind === 'slot'
        }
      this.#copy(copy)
    }
  }

  /** Is the value already in the place to which it is to be copied, and of the right kind? */
  isInPlace(copy: Copy | PendingCopy): boolean {
    const { to, value, want, from } = copy
    const source = 'source' in copy ? copy.source : this.#sourceOf(copy)
    if (!source || placeKey(source) !== placeKey(to)) return false
    const isScalar = value.scalar || from !== undefined
    return (
      value.type === 'i64' ||
      source.kind === 'slot' ||
      want === (isScalar ? 'scalar' : 'arena') ||
      want === 'any'
    )
  }

  #sourceOf({ value, from }: Copy): Place | undefined {
    if (from) return from
    return needsPlace(value) ? this.placeOf(value) : undefined
  }

  #raw(register: number, from: Place): void {
    if (from.kind === 'slot') this.#code.put(ebpf.load(8, register, this.#base(), this.#slot(from.slot)))
    else if (from.kind === 'register') this.#code.put(ebpf.aluReg(64, 'mov', register, from.register))
  }

  #copy(copy: PendingCopy): void {
    const { to, value, want, source, from, loaded } = copy
    if (this.isInPlace(copy)) return
    const isScalar = value.scalar || from !== undefined || loaded || source?.kind === 'slot'
    const register =
      to.kind === 'register' ? to.register : from && source?.kind === 'register' ? source.register : S1
    if (source) this.#move(register, source, value.type === 'i32', isScalar, want)
    else this.moveTo(register, value, want)
    if (to.kind === 'slot') this.#put(to.slot, register)
  }
}
