/**
 * Which values need places at the same time, for the allocation of registers; values that are joined to one
 * class share their place.
 */
import { type Block, type Func, type Node, successors, usedAtEnd } from './ir.ts'
import { type BitSet, Liveness, needsPlace, phiCopies, placesUsed } from './liveness.ts'

/** Two values between which a copy is saved if they get the same place. */
export interface Affinity {
  readonly a: number
  readonly b: number
  readonly weight: number
}

export class Interference {
  readonly live: Liveness
  readonly neighbours: Set<number>[]
  /** Is the value needed behind a call, so that registers which calls destroy can't hold it? */
  readonly acrossCall: boolean[]
  /** How often it is read and written, estimated. */
  readonly weight: number[]
  readonly affinities: Affinity[] = []
  readonly #class: number[]

  /** The value that must have a register. */
  readonly fixed: number | undefined

  constructor(f: Func, base: Node | undefined, everywhere: boolean) {
    this.live = new Liveness(f, everywhere ? base : undefined)
    this.fixed = base && this.live.numberOf(base)
    const { size } = this.live
    this.neighbours = Array.from({ length: size }, () => new Set<number>())
    this.acrossCall = new Array(size).fill(false)
    this.weight = new Array(size).fill(0)
    this.#class = Array.from({ length: size }, (_, i) => i)
    for (const block of f.blocks) this.#walk(block, everywhere ? base : undefined)
  }

  /** The class of a value, named by one of its members. */
  classOf(i: number): number {
    let c = i
    while (this.#class[c] !== c) c = this.#class[c] as number
    this.#class[i] = c
    return c
  }

  /** Makes one class of two that don't interfere. */
  join(a: number, b: number): void {
    const [to, from] = [this.classOf(a), this.classOf(b)]
    this.#class[from] = to
    const mine = this.neighbours[to] as Set<number>
    for (const n of this.neighbours[from] as Set<number>) {
      const theirs = this.neighbours[n] as Set<number>
      theirs.delete(from)
      theirs.add(to)
      mine.add(n)
    }
    ;(this.neighbours[from] as Set<number>).clear()
    if (this.acrossCall[from]) this.acrossCall[to] = true
    this.weight[to] = (this.weight[to] as number) + (this.weight[from] as number)
  }

  interfere(a: number, b: number): boolean {
    return (this.neighbours[a] as Set<number>).has(b)
  }

  #walk(block: Block, everywhere: Node | undefined): void {
    const { frequency } = block
    const live = this.live.liveOut(block)
    if (everywhere) live.add(this.live.numberOf(everywhere))
    const copies = successors(block).flatMap((next) => phiCopies(block, next))
    for (const { dst, src } of copies) this.#define(dst, live, frequency, src)
    for (const { dst } of copies) live.delete(this.live.numberOf(dst))
    for (const { dst, src } of copies) {
      if (!needsPlace(src)) continue
      live.add(this.live.numberOf(src))
      this.#prefer(dst, src, frequency)
    }
    this.#use(usedAtEnd(block), live, frequency)
    for (const node of block.nodes.toReversed()) {
      if (needsPlace(node)) {
        this.#define(node, live, frequency, undefined)
        live.delete(this.live.numberOf(node))
      }
      if (node.fused) continue
      if (node.kind === 'call') for (const i of live) this.acrossCall[i] = true
      this.#use(node.args, live, frequency)
      const first = node.kind === 'select' ? node.args[1] : node.args[0]
      const isCopy =
        node.kind !== 'load' &&
        node.kind !== 'call' &&
        node.kind !== 'compare' &&
        node.kind !== 'store' &&
        node.kind !== 'zero'
      if (isCopy && first && needsPlace(node) && needsPlace(first)) this.#prefer(node, first, frequency)
      if (node.kind === 'select' && needsPlace(node.args[2] as Node))
        this.#prefer(node, node.args[2] as Node, frequency)
    }
    // phis are all written before the block begins
    for (const phi of block.phis) this.#define(phi, live, 0, undefined)
  }

  /** The value is written while all of `live` is needed. A copy and its source may share a place. */
  #define(node: Node, live: BitSet, frequency: number, source: Node | undefined): void {
    const d = this.live.numberOf(node)
    const excepted =
      source && needsPlace(source) && source.scalar === node.scalar ? this.live.numberOf(source) : -1
    this.weight[d] = (this.weight[d] as number) + frequency
    const mine = this.neighbours[d] as Set<number>
    for (const i of live) {
      if (i === d || i === excepted) continue
      mine.add(i)
      ;(this.neighbours[i] as Set<number>).add(d)
    }
  }

  #use(args: readonly Node[], live: BitSet, frequency: number): void {
    for (const arg of placesUsed(args)) {
      const i = this.live.numberOf(arg)
      live.add(i)
      this.weight[i] = (this.weight[i] as number) + frequency
    }
  }

  #prefer(a: Node, b: Node, weight: number): void {
    this.affinities.push({ a: this.live.numberOf(a), b: this.live.numberOf(b), weight })
  }
}
