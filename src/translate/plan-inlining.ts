/**
 * Third pass: decides which calls are replaced by the bodies that they call. Small bodies always are, and
 * bodies that one loop alone calls; then those of calls that a profile says are frequent, since returning is dear in
 * the kernel (of some processors it has every return mispredicted); then as many more as it takes, cheapest first,
 * until no chain of calls has too many frames and the program not too many functions.
 */
import { TranslateError } from './errors.ts'
import type { WasmModule } from './read-module.ts'

/** A function's body as a tree: calls that stay, and bodies that take the place of calls. */
export interface Body {
  readonly callee: number
  /** In the order of the call instructions. */
  readonly sites: readonly Site[]
}

export interface Site {
  readonly callee: number
  readonly inLoop: boolean
  /** The body in place of the call. */
  inlined: Body | undefined
}

export interface InliningLimits {
  /** Functions on a chain of calls. */
  readonly frames: number
  readonly functions: number
  /** Bodies of no more than so many instructions are always inlined. */
  readonly small: number
  /** How often functions call each other, and what bodies in the place of frequent calls may cost together. */
  readonly frequent?: { readonly calls: CallProfile; readonly growth: number } | undefined
}

/** How often a function calls another, in any unit, by the names of both with a space between. */
export type CallProfile = ReadonlyMap<string, number>

/** A loop costs the kernel, when it loads a program, as much as so many instructions. */
const LOOP_COST = 200

interface Shape {
  readonly body: Body
  /** What a copy of the body costs. */
  cost: number
}

interface OpenSite {
  readonly site: Site
  readonly inLoop: boolean
}

function sitesOf(module: WasmModule, f: number): Site[] {
  const sites: Site[] = []
  const loops: boolean[] = []
  for (const { operator, immediate } of module.functions[f]?.body ?? []) {
    if (operator.immediate === 'block') loops.push(operator.name === 'loop')
    else if (operator.name === 'end') loops.pop()
    else if (operator.name === 'call')
      sites.push({ callee: immediate, inLoop: loops.includes(true), inlined: undefined })
  }
  return sites
}

function costOf(module: WasmModule, f: number): number {
  const body = module.functions[f]?.body ?? []
  return body.length + LOOP_COST * body.filter(({ operator }) => operator.name === 'loop').length
}

/** Functions that the roots reach, callees before callers. Throws when a chain of calls comes back to its start. */
function reachable(
  module: WasmModule,
  sites: ReadonlyMap<number, Site[]>,
  roots: readonly number[],
): number[] {
  const order: number[] = []
  const state = new Map<number, 'open' | 'done'>()
  const visit = (f: number, path: readonly number[]): void => {
    if (state.get(f) === 'done') return
    if (state.get(f) === 'open') {
      const circle = [...path.slice(path.indexOf(f)), f].map((g) => module.functions[g]?.name).join(' → ')
      throw new TranslateError(
        'RECURSION',
        `Cannot translate: functions call themselves, which the kernel refuses: ${circle}`,
      )
    }
    state.set(f, 'open')
    for (const { callee } of sites.get(f) ?? []) visit(callee, [...path, f])
    state.set(f, 'done')
    order.push(f)
  }
  for (const root of roots) visit(root, [])
  return order
}

/** Calls that stay calls, in a body and in what has been put into it. */
function* openSites(body: Body, inLoop = false): Generator<OpenSite> {
  for (const site of body.sites) {
    if (site.inlined) yield* openSites(site.inlined, inLoop || site.inLoop)
    else yield { site, inLoop: inLoop || site.inLoop }
  }
}

const copyOf = (body: Body): Body => ({
  callee: body.callee,
  sites: body.sites.map((site) => ({ ...site, inlined: site.inlined && copyOf(site.inlined) })),
})

/** How often functions call each other, while bodies take the place of calls. */
class CallCounts {
  readonly #counts = new Map<number, Map<number, number>>()

  constructor(names: readonly string[], profile: CallProfile) {
    const numbers = new Map(names.map((name, f) => [name, f]))
    for (const [key, count] of profile) {
      const [caller, callee] = key.split(' ').map((name) => numbers.get(name))
      // functions that are no more are left out
      if (caller !== undefined && callee !== undefined) this.#add(caller, callee, count)
    }
  }

  of(caller: number, callee: number): number {
    return this.#counts.get(caller)?.get(callee) ?? 0
  }

  /** The callee's body takes the place of its calls in the caller, and with it the calls there. */
  inline(caller: number, callee: number): void {
    const count = this.of(caller, callee)
    if (count === 0) return
    let all = 0
    for (const callees of this.#counts.values()) all += callees.get(callee) ?? 0
    this.#counts.get(caller)?.delete(callee)
    for (const [g, calls] of this.#counts.get(callee) ?? []) {
      const moved = (calls * count) / all
      this.#add(caller, g, moved)
      this.#add(callee, g, -moved)
    }
  }

  #add(caller: number, callee: number, count: number): void {
    const callees = this.#counts.get(caller) ?? new Map<number, number>()
    callees.set(callee, (callees.get(callee) ?? 0) + count)
    this.#counts.set(caller, callees)
  }
}

class Plan {
  readonly #counts: CallCounts
  readonly #order: readonly number[]
  readonly #roots: readonly number[]
  readonly #shapes = new Map<number, Shape>()

  constructor(module: WasmModule, roots: readonly number[], calls: CallProfile) {
    const sites = new Map(module.functions.map((_, f) => [f, sitesOf(module, f)]))
    this.#counts = new CallCounts(
      module.functions.map(({ name }) => name),
      calls,
    )
    this.#roots = roots
    this.#order = reachable(module, sites, roots)
    for (const f of this.#order)
      this.#shapes.set(f, { body: { callee: f, sites: sites.get(f) as Site[] }, cost: costOf(module, f) })
  }

  /** Bodies that are still called or roots, callers before callees. */
  bodies(): Body[] {
    const { above } = this.#measure()
    return this.#order
      .toReversed()
      .filter((f) => above.has(f))
      .map((f) => this.#shape(f).body)
  }

  inlineSmall(small: number): void {
    for (const g of this.#order) {
      if (this.#roots.includes(g)) continue
      const sites = this.#callsOf(g)
      const isOnlyInLoop = sites.length === 1 && sites[0]?.inLoop
      if (this.#shape(g).cost <= small || isOnlyInLoop) this.#inline(g, () => true)
    }
  }

  /** Inlines frequent calls, those first that gain most for what their bodies cost. */
  inlineFrequent(growth: number): void {
    for (let spent = 0; ; ) {
      const best = this.#mostWorth(growth - spent)
      if (!best) return
      spent += best.cost
      this.#inline(best.callee, (f) => f === best.caller)
    }
  }

  /** The calls of one function by another that gain most for their cost, of those that cost no more than `most`. */
  #mostWorth(most: number): { caller: number; callee: number; cost: number } | undefined {
    const { above, callees } = this.#measure()
    const total = new Map<number, number>()
    for (const [f, called] of callees)
      if (above.has(f)) for (const g of called) total.set(g, (total.get(g) ?? 0) + 1)
    let best: { caller: number; callee: number; cost: number } | undefined
    let highest = 0
    for (const [caller, called] of callees) {
      if (!above.has(caller)) continue
      for (const callee of new Set(called)) {
        const sites = called.filter((g) => g === callee).length
        const vanishes = sites === total.get(callee) ? 1 : 0
        const cost = (sites - vanishes) * this.#shape(callee).cost
        const worth = this.#counts.of(caller, callee) / Math.max(cost, 1)
        if (cost <= most && worth > highest && !this.#roots.includes(callee)) {
          highest = worth
          best = { caller, callee, cost }
        }
      }
    }
    return best
  }

  shortenChains(frames: number): void {
    for (;;) {
      const { below, above } = this.#measure()
      const depth = Math.max(...this.#roots.map((root) => below.get(root) as number))
      if (depth <= frames) return
      const isOnChain = (f: number, g: number): boolean =>
        (above.get(f) ?? 0) + (below.get(g) as number) === depth
      const chosen = this.#cheapest(isOnChain)
      if (chosen === undefined) return // the limits are checked when all is translated
      this.#inline(chosen, (f) => isOnChain(f, chosen))
    }
  }

  limitCount(functions: number): void {
    while (this.bodies().length > functions) {
      const chosen = this.#cheapest(() => true)
      if (chosen === undefined) return
      this.#inline(chosen, () => true)
    }
  }

  #shape(f: number): Shape {
    return this.#shapes.get(f) as Shape
  }

  #callsOf(g: number): OpenSite[] {
    const { above } = this.#measure()
    return this.#order
      .filter((f) => above.has(f))
      .flatMap((f) => [...openSites(this.#shape(f).body)])
      .filter(({ site }) => site.callee === g)
  }

  /** Puts g's body in the place of its calls in the functions that `where` accepts. */
  #inline(g: number, where: (f: number) => boolean): void {
    const { body, cost } = this.#shape(g)
    const { above } = this.#measure()
    for (const f of this.#order) {
      if (!above.has(f) || !where(f)) continue
      const shape = this.#shape(f)
      for (const { site } of [...openSites(shape.body)])
        if (site.callee === g) {
          site.inlined = copyOf(body)
          shape.cost += cost
        }
      this.#counts.inline(f, g)
    }
  }

  /** Frames below and above each function, itself included; functions that nobody calls have none above. */
  #measure() {
    const below = new Map<number, number>()
    const above = new Map<number, number>(this.#roots.map((root) => [root, 1]))
    const callees = new Map<number, number[]>()
    for (const f of this.#order) {
      const called = [...openSites(this.#shape(f).body)].map(({ site }) => site.callee)
      callees.set(f, called)
      below.set(f, 1 + Math.max(0, ...called.map((g) => below.get(g) as number)))
    }
    for (const f of this.#order.toReversed()) {
      const depth = above.get(f)
      if (depth === undefined) continue
      for (const g of callees.get(f) as number[]) above.set(g, Math.max(above.get(g) ?? 0, depth + 1))
    }
    return { below, above, callees }
  }

  /** The function that costs least to put in the place of its calls that count; undefined if all those are roots. */
  #cheapest(counts: (caller: number, callee: number) => boolean): number | undefined {
    const { above, callees } = this.#measure()
    const chosen = new Map<number, number>()
    const total = new Map<number, number>()
    for (const [f, called] of callees) {
      if (!above.has(f)) continue
      for (const g of called) {
        total.set(g, (total.get(g) ?? 0) + 1)
        if (counts(f, g)) chosen.set(g, (chosen.get(g) ?? 0) + 1)
      }
    }
    let best: number | undefined
    let least = Number.POSITIVE_INFINITY
    for (const [g, sites] of chosen) {
      const vanishes = sites === total.get(g) ? 1 : 0
      const cost = (sites - vanishes) * this.#shape(g).cost
      if (cost < least && !this.#roots.includes(g)) {
        least = cost
        best = g
      }
    }
    return best
  }
}

/** Plans the bodies of all functions that the roots reach. Callers come before callees. */
export function planInlining(module: WasmModule, roots: readonly number[], limits: InliningLimits): Body[] {
  const plan = new Plan(module, roots, limits.frequent?.calls ?? new Map())
  plan.inlineSmall(limits.small)
  if (limits.frequent) plan.inlineFrequent(limits.frequent.growth)
  plan.shortenChains(limits.frames)
  plan.limitCount(limits.functions)
  return plan.bodies()
}
