/**
 * Ninth pass: gives each value a register or a slot of the function's frame, by colouring the graph of interference.
 * Method: P. Briggs et al., "Improvements to Graph Coloring Register Allocation", TOPLAS 1994. r0 and r1 stay
 * free as scratch, so that a value in the frame never needs a register of its own. Frames lie in the arena, where
 * the verifier doesn't look: on the kernel's stack, it would follow every value that is put away and fetched.
 */
import { Interference } from './interference.ts'
import { type Block, type Func, type Node, newNode } from './ir.ts'
import { needsPlace } from './liveness.ts'

/** Registers for values; calls destroy those of the first group. */
const CALLER_SAVED: readonly number[] = [2, 3, 4, 5]
const CALLEE_SAVED: readonly number[] = [6, 7, 8, 9]

export type Place =
  | { readonly kind: 'register'; readonly register: number }
  /** Eight bytes of the function's frame in memory. */
  | { readonly kind: 'slot'; readonly slot: number }

export interface Allocation {
  readonly placeOf: (node: Node) => Place
  /** Slots in the function's frame. */
  readonly slots: number
  /** Register of the arena's address 0; undefined if it isn't needed. */
  readonly base: number | undefined
  /** Registers in which something lives at the beginning of a block. */
  readonly liveInto: (block: Block) => Set<number>
}

export const placeKey = (place: Place): string =>
  place.kind === 'register' ? `r${place.register}` : `s${place.slot}`

class Colouring {
  readonly #graph: Interference
  readonly #colour: (number | undefined)[]
  readonly #f: Func
  #hints: ReadonlyMap<number, readonly number[]> = new Map()

  constructor(f: Func, graph: Interference) {
    this.#f = f
    this.#graph = graph
    this.#colour = new Array(graph.live.size)
  }

  #registersFor(c: number): readonly number[] {
    if (this.#graph.acrossCall[c]) return CALLEE_SAVED
    // the base is made before the arguments have left their registers
    const first = c === this.#graph.fixed ? this.#f.parameters.length + 1 : 0
    return [...CALLER_SAVED.filter((r) => r > first), ...CALLEE_SAVED]
  }

  #roomFor(c: number): number {
    if (c === this.#graph.fixed) return this.#registersFor(c).length
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
    this.#hints = argumentHints(this.#f, graph)
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

  /** What costs least when it lies in the frame. */
  #cheapest(left: ReadonlySet<number>, degree: ReadonlyMap<number, number>): number {
    let best = -1
    let least = Number.POSITIVE_INFINITY
    for (const c of left) {
      const cost = (this.#graph.weight[c] as number) / Math.max(1, degree.get(c) as number)
      if (cost < least && c !== this.#graph.fixed) {
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
    if (!needsPlace(node) || register < 2) return
    const c = graph.classOf(graph.live.numberOf(node))
    hints.set(c, [...(hints.get(c) ?? []), register])
  }
  for (const block of f.blocks)
    for (const node of block.nodes) {
      if (node.kind === 'param') hint(node, node.index + 1)
      if (node.kind === 'call') for (const [i, arg] of node.args.entries()) hint(arg, i + 1)
    }
  return hints
}

/** Slots for the classes that got no register; those that don't interfere share one. */
function giveSlots(graph: Interference, spilled: readonly number[]): Map<number, number> {
  const slots = new Map<number, number>()
  for (const c of spilled) {
    const taken = new Set<number>()
    for (const n of graph.neighbours[c] as Set<number>) {
      const slot = slots.get(n)
      if (slot !== undefined) taken.add(slot)
    }
    let slot = 0
    while (taken.has(slot)) slot++
    slots.set(c, slot)
  }
  return slots
}

/** The base, made if there is none: frames in memory are reached through it. */
function baseOf(f: Func, make: boolean): Node | undefined {
  const base = f.entry.nodes.find(({ kind }) => kind === 'base')
  if (base || !make) return base
  const made = newNode(f, 'base', 'i32', [], f.entry)
  f.entry.nodes.unshift(made)
  return made
}

function attempt(f: Func, withFrame: boolean): Allocation {
  const base = baseOf(f, withFrame)
  const graph = new Interference(f, base, withFrame)
  const colouring = new Colouring(f, graph)
  colouring.coalesce()
  const slots = giveSlots(graph, colouring.colour())
  const placeOf = (node: Node): Place => {
    const c = graph.classOf(graph.live.numberOf(node))
    const register = colouring.colourOf(c)
    return register === undefined
      ? { kind: 'slot', slot: slots.get(c) as number }
      : { kind: 'register', register }
  }
  const basePlace = base && placeOf(base)
  if (basePlace?.kind === 'slot') throw new Error(`${f.name}: no register for the base`)
  return {
    placeOf,
    slots: Math.max(0, ...[...slots.values()].map((slot) => slot + 1)),
    base: basePlace?.register,
    liveInto: (block) => {
      const places = graph.live.liveIn(block).map(placeOf)
      return new Set(places.flatMap((place) => (place.kind === 'register' ? [place.register] : [])))
    },
  }
}

/** Registers for all values if there are enough; else a frame, which takes a register to be reached. */
export function allocate(f: Func): Allocation {
  const allocation = attempt(f, false)
  return allocation.slots === 0 ? allocation : attempt(f, true)
}
