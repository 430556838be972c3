/** Which values are needed later, at the beginning and at the end of each block. */
import { type Block, type Func, type Node, successors, usedAtEnd } from './ir.ts'

/** Does the value need a place: a register or a slot of the stack? */
export function needsPlace(node: Node): boolean {
  return node.type !== undefined && node.kind !== 'const' && node.kind !== 'zero' && !node.fused
}

/** The placed values that a use of a node comes to: a fused comparison stands for its operands, the zero for its address. */
export function* placesUsed(args: readonly Node[]): Generator<Node> {
  for (const arg of args) {
    if (arg.fused || arg.kind === 'zero') yield* placesUsed(arg.args)
    else if (needsPlace(arg)) yield arg
  }
}

/** A set of small numbers. */
export class BitSet {
  readonly words: Uint32Array

  constructor(size: number) {
    this.words = new Uint32Array((size + 31) >>> 5)
  }

  has(i: number): boolean {
    return ((this.words[i >>> 5] as number) & (1 << (i & 31))) !== 0
  }

  add(i: number): void {
    this.words[i >>> 5] = (this.words[i >>> 5] as number) | (1 << (i & 31))
  }

  delete(i: number): void {
    this.words[i >>> 5] = (this.words[i >>> 5] as number) & ~(1 << (i & 31))
  }

  /** Adds all of another set; has this one grown? */
  addAll(other: BitSet): boolean {
    let grown = false
    for (let w = 0; w < this.words.length; w++) {
      const before = this.words[w] as number
      const after = (before | (other.words[w] as number)) >>> 0
      if (after !== before) grown = true
      this.words[w] = after
    }
    return grown
  }

  *[Symbol.iterator](): Generator<number> {
    for (let w = 0; w < this.words.length; w++)
      for (let bits = this.words[w] as number; bits !== 0; bits &= bits - 1)
        yield w * 32 + 31 - Math.clz32(bits & -bits)
  }
}

/**
 * Phis count as live at the beginning of their block, and as written at the end of each predecessor, where
 * their arguments are read.
 */
export class Liveness {
  readonly nodes: Node[] = []
  readonly #number = new Map<Node, number>()
  readonly #in = new Map<Block, BitSet>()
  readonly #out = new Map<Block, BitSet>()

  /** `everywhere` is needed throughout, whoever uses it. */
  constructor(f: Func, everywhere?: Node) {
    for (const block of f.blocks)
      for (const node of [...block.phis, ...block.nodes])
        if (needsPlace(node)) this.#number.set(node, this.nodes.push(node) - 1)
    const uses = new Map<Block, BitSet>()
    const defs = new Map<Block, BitSet>()
    for (const block of f.blocks) this.#summarize(block, uses, defs, everywhere)
    for (let changed = true; changed; ) {
      changed = false
      for (const block of f.blocks.toReversed()) if (this.#flow(block, uses, defs)) changed = true
    }
  }

  get size(): number {
    return this.nodes.length
  }

  numberOf(node: Node): number {
    return this.#number.get(node) as number
  }

  liveIn(block: Block): Node[] {
    return [...(this.#in.get(block) as BitSet)].map((i) => this.nodes[i] as Node)
  }

  /** Numbers of what is live behind the block, phis of its successor included. A copy. */
  liveOut(block: Block): BitSet {
    const live = new BitSet(this.size)
    live.addAll(this.#out.get(block) as BitSet)
    return live
  }

  #summarize(
    block: Block,
    uses: Map<Block, BitSet>,
    defs: Map<Block, BitSet>,
    everywhere: Node | undefined,
  ): void {
    const used = new BitSet(this.size)
    const defined = new BitSet(this.size)
    const use = (args: readonly Node[]): void => {
      for (const arg of placesUsed(args)) {
        const i = this.numberOf(arg)
        if (!defined.has(i)) used.add(i)
      }
    }
    for (const phi of block.phis) used.add(this.numberOf(phi))
    for (const node of block.nodes) {
      if (!node.fused) use(node.args)
      if (needsPlace(node)) defined.add(this.numberOf(node))
    }
    use(usedAtEnd(block))
    const copies = successors(block).flatMap((next) => phiCopies(block, next))
    for (const { src } of copies) use([src])
    for (const { dst } of copies) defined.add(this.numberOf(dst))
    if (everywhere) use([everywhere])
    uses.set(block, used)
    defs.set(block, defined)
    this.#in.set(block, new BitSet(this.size))
    this.#out.set(block, new BitSet(this.size))
  }

  #flow(block: Block, uses: Map<Block, BitSet>, defs: Map<Block, BitSet>): boolean {
    const out = this.#out.get(block) as BitSet
    const into = this.#in.get(block) as BitSet
    for (const next of successors(block)) out.addAll(this.#in.get(next) as BitSet)
    const defined = defs.get(block) as BitSet
    const used = uses.get(block) as BitSet
    let changed = false
    for (let w = 0; w < into.words.length; w++) {
      const now =
        ((used.words[w] as number) | ((out.words[w] as number) & ~(defined.words[w] as number))) >>> 0
      if (now !== into.words[w]) changed = true
      into.words[w] = now
    }
    return changed
  }
}

/** What the phis of `next` get from `block`. */
export function phiCopies(block: Block, next: Block): { dst: Node; src: Node }[] {
  if (next.phis.length === 0) return []
  const i = next.preds.indexOf(block)
  return next.phis.map((dst) => ({ dst, src: dst.args[i] as Node }))
}
