/**
 * Ninth pass: gives each value a register or a slot of the stack, by colouring the graph of interference.
 * Method: P. Briggs et al., "Improvements to Graph Coloring Register Allocation", TOPLAS 1994. r0 and r1 stay
 * free as scratch, so that a value on the stack never needs a register of its own.
 */
import { Interference } from './interference.ts'
import type { Func, Node } from './ir.ts'

/** Registers for values; calls destroy those of the first group. */
const CALLER_SAVED: readonly number[] = [2, 3, 4, 5]
const CALLEE_SAVED: readonly number[] = [6, 7, 8, 9]

export type Place =
  | { readonly kind: 'register'; readonly register: number }
  /** Slot n lies 8·(n+1) bytes below the frame pointer. */
  | { readonly kind: 'slot'; readonly slot: number }
  /** Made anew wherever it is used. */
  | { readonly kind: 'rematerialized' }

export interface Allocation {
  readonly placeOf: (node: Node) => Place
  readonly slots: number
  /** Registers and slots in which something lives at the beginning of a block. */
  readonly liveInto: (block: Func['entry']) => Set<string>
}

export const placeKey = (place: Place): string =>
  place.kind === 'register' ? `r${place.register}` : place.kind === 'slot' ? `s${place.slot}` : ''

class Colouring {
  readonly #graph: Interference
  readonly #colour: (number | undefined)[]
  readonly #hints: ReadonlyMap<number, readonly number[]>

  constructor(graph: Interference, hints: ReadonlyMap<number, readonly number[]>) {
    this.#graph = graph
    this.#colour = new Array(graph.live.size)
    this.#hints = hints
  }

  #registersFor(c: number): readonly number[] {
    return this.#graph.acrossCall[c] ? CALLEE_SAVED : [...CALLER_SAVED, ...CALLEE_SAVED]
  }

  #roomFor(c: number): number {
    return this.#graph.acrossCall[c] ? CALLEE_SAVED.length : CALLER_SAVED.length + CALLEE_SAVED.length
  }

  /** Joins values between which there are copies, dearest first, where that can't cost a register. */
  coalesce(): void {
    const graph = this.#graph
    for (const { a, b } of graph.affinities.toSorted((x, y) => y.weight - x.weight)) {
      const [x, y] = [graph.classOf(a), graph.classOf(b)]
      if (
        x !== y &&
        !graph.interfere(x, y) &&
        (this.#isSafe(x, y) || this.#isSubsumed(x, y) || this.#isSubsumed(y, x))
      )
        graph.join(x, y)
    }
  }

  /** Briggs: the class has few neighbours that are hard to colour. */
  #isSafe(x: number, y: number): boolean {
    const graph = this.#graph
    const room = graph.acrossCall[x] || graph.acrossCall[y] ? CALLEE_SAVED.length : this.#roomFor(x)
    let hard = 0
    for (const n of new Set([
      ...(graph.neighbours[x] as Set<number>),
      ...(graph.neighbours[y] as Set<number>),
    ]))
      if ((graph.neighbours[n] as Set<number>).size >= this.#roomFor(n)) hard++
    return hard < room
  }

  /** George: what is in the way of y is in the way of x already. */
  #isSubsumed(x: number, y: number): boolean {
    const graph = this.#graph
    if (graph.acrossCall[y] && !graph.acrossCall[x]) return false
    for (const n of graph.neighbours[y] as Set<number>)
      if (!graph.interfere(x, n) && (graph.neighbours[n] as Set<number>).size >= this.#roomFor(n))
        return false
    return true
  }

  /** Colours the classes; the classes that got no register. */
  colour(): number[] {
    const graph = this.#graph
    const classes = [...new Set(graph.neighbours.map((_, i) => graph.classOf(i)))]
    const degree = new Map(classes.map((c) => [c, (graph.neighbours[c] as Set<number>).size]))
    const left = new Set(classes)
    const easy = classes.filter((c) => (degree.get(c) as number) < this.#roomFor(c))
    const stack: number[] = []
    const remove = (c: number): void => {
      left.delete(c)
      stack.push(c)
      for (const n of graph.neighbours[c] as Set<number>) {
        const now = (degree.get(n) as number) - 1
        degree.set(n, now)
        if (left.has(n) && now === this.#roomFor(n) - 1) easy.push(n)
      }
    }
    while (left.size > 0) {
      const next = easy.pop()
      if (next === undefined) remove(this.#cheapest(left, degree))
      else if (left.has(next)) remove(next)
    }
    return stack.toReversed().filter((c) => !this.#choose(c))
  }

  /** What costs least when it lies on the stack. */
  #cheapest(left: ReadonlySet<number>, degree: ReadonlyMap<number, number>): number {
    let best = -1
    let least = Number.POSITIVE_INFINITY
    for (const c of left) {
      const cost = (this.#graph.weight[c] as number) / Math.max(1, degree.get(c) as number)
      if (cost < least) {
        least = cost
        best = c
      }
    }
    return best
  }

  /** Takes a register that is free, best one that saves a copy. */
  #choose(c: number): boolean {
    const taken = new Set<number>()
    for (const n of this.#graph.neighbours[c] as Set<number>) {
      const colour = this.#colour[n]
      if (colour !== undefined) taken.add(colour)
    }
    const free = this.#registersFor(c).filter((r) => !taken.has(r))
    if (free.length === 0) return false
    const wished = (this.#hints.get(c) ?? []).find((r) => free.includes(r))
    this.#colour[c] = wished ?? this.#likeOthers(c, free) ?? (free[0] as number)
    return true
  }

  #likeOthers(c: number, free: readonly number[]): number | undefined {
    for (const { a, b } of this.#graph.affinities) {
      const [x, y] = [this.#graph.classOf(a), this.#graph.classOf(b)]
      const other = x === c ? y : y === c ? x : undefined
      const colour = other === undefined || other === c ? undefined : this.#colour[other]
      if (colour !== undefined && free.includes(colour)) return colour
    }
    return undefined
  }

  colourOf(c: number): number | undefined {
    return this.#colour[c]
  }
}

/** Registers in which arguments come and go. */
function argumentHints(f: Func, graph: Interference): Map<number, number[]> {
  const hints = new Map<number, number[]>()
  const hint = (node: Node, register: number): void => {
    if (node.type === undefined || node.kind === 'const' || node.fused || register < 2) return
    const c = graph.classOf(graph.live.numberOf(node))
    hints.set(c, [...(hints.get(c) ?? []), register])
  }
  for (const block of f.blocks)
    for (const node of block.nodes) {
      if (node.kind === 'param') hint(node, node.index + 1)
      if (node.kind === 'call') node.args.forEach((arg, i) => hint(arg, i + 1))
    }
  return hints
}

/** Slots for the classes that got no register; those that don't interfere share one. */
function giveSlots(
  graph: Interference,
  spilled: readonly number[],
  baseClass: number | undefined,
): Map<number, Place> {
  const places = new Map<number, Place>()
  for (const c of spilled) {
    if (c === baseClass) {
      places.set(c, { kind: 'rematerialized' })
      continue
    }
    const taken = new Set<number>()
    for (const n of graph.neighbours[c] as Set<number>) {
      const place = places.get(n)
      if (place?.kind === 'slot') taken.add(place.slot)
    }
    let slot = 0
    while (taken.has(slot)) slot++
    places.set(c, { kind: 'slot', slot })
  }
  return places
}

export function allocate(f: Func): Allocation {
  const graph = new Interference(f)
  const base = f.entry.nodes.find(({ kind }) => kind === 'base')
  const colouring = new Colouring(graph, new Map())
  colouring.coalesce()
  const coloured = new Colouring(graph, argumentHints(f, graph))
  const spilled = coloured.colour()
  const baseClass = base && graph.classOf(graph.live.numberOf(base))
  const slots = giveSlots(graph, spilled, baseClass)
  const placeOf = (node: Node): Place => {
    const c = graph.classOf(graph.live.numberOf(node))
    const register = coloured.colourOf(c)
    return register === undefined ? (slots.get(c) as Place) : { kind: 'register', register }
  }
  const count = Math.max(
    0,
    ...[...slots.values()].map((place) => (place.kind === 'slot' ? place.slot + 1 : 0)),
  )
  return {
    placeOf,
    slots: count,
    liveInto: (block) => new Set(graph.live.liveIn(block).map((node) => placeKey(placeOf(node)))),
  }
}
