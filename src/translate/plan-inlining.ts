/**
 * Third pass: shortens chains of calls. The kernel allows few frames, so calls on chains that are too long are
 * replaced by the bodies that they call, cheapest first, until no chain is too long. Only calls on the longest
 * chains are replaced: elsewhere a function stays one function.
 */
import { TranslateError } from './errors.ts'
import type { WasmModule } from './read-module.ts'

/** A function's body as a tree: calls that stay, and bodies that take the place of calls. */
export interface Body {
  readonly callee: number
  /** In the order of the call instructions. */
  readonly sites: Site[]
}

export interface Site {
  readonly callee: number
  /** The body in place of the call. */
  inlined: Body | undefined
}

interface Shape {
  readonly body: Body
  size: number
}

const callsOf = (module: WasmModule, f: number): number[] =>
  (module.functions[f]?.body ?? [])
    .filter(({ operator }) => operator.name === 'call')
    .map(({ immediate }) => immediate)

/** Functions that the roots reach, callees before callers. Throws when a chain of calls comes back to its start. */
function reachable(module: WasmModule, roots: readonly number[]): number[] {
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
    for (const g of new Set(callsOf(module, f))) visit(g, [...path, f])
    state.set(f, 'done')
    order.push(f)
  }
  for (const root of roots) visit(root, [])
  return order
}

/** Calls that stay calls, in a body and in what has been put into it. */
function* openSites(body: Body): Generator<Site> {
  for (const site of body.sites) {
    if (site.inlined) yield* openSites(site.inlined)
    else yield site
  }
}

const copyOf = (body: Body): Body => ({
  callee: body.callee,
  sites: body.sites.map(({ callee, inlined }) => ({ callee, inlined: inlined && copyOf(inlined) })),
})

/** Frames below and above each function, itself included. */
function measure(order: readonly number[], shapes: ReadonlyMap<number, Shape>, roots: readonly number[]) {
  const below = new Map<number, number>()
  const above = new Map<number, number>(roots.map((root) => [root, 1]))
  const callees = new Map<number, number[]>()
  for (const f of order) {
    const called = [...openSites((shapes.get(f) as Shape).body)].map(({ callee }) => callee)
    callees.set(f, called)
    below.set(f, 1 + Math.max(0, ...called.map((g) => below.get(g) as number)))
  }
  for (const f of order.toReversed()) {
    const depth = above.get(f)
    if (depth === undefined) continue // nobody calls it any more
    for (const g of callees.get(f) as number[]) above.set(g, Math.max(above.get(g) ?? 0, depth + 1))
  }
  return { below, above, callees }
}

/** The function that it costs least to put in the place of all calls of it on the longest chains. */
function cheapest(
  shapes: ReadonlyMap<number, Shape>,
  { below, above, callees }: ReturnType<typeof measure>,
  roots: readonly number[],
  depth: number,
): number {
  const onChain = new Map<number, number>()
  const total = new Map<number, number>()
  for (const [f, called] of callees) {
    const at = above.get(f)
    if (at === undefined) continue
    for (const g of called) {
      total.set(g, (total.get(g) ?? 0) + 1)
      if (at + (below.get(g) as number) === depth) onChain.set(g, (onChain.get(g) ?? 0) + 1)
    }
  }
  let best = -1
  let least = Number.POSITIVE_INFINITY
  for (const [g, sites] of onChain) {
    if (roots.includes(g)) continue
    const vanishes = sites === total.get(g) ? 1 : 0
    const cost = (sites - vanishes) * (shapes.get(g) as Shape).size
    if (cost < least) {
      least = cost
      best = g
    }
  }
  return best
}

/**
 * Plans the bodies of all functions that the roots reach, so that no chain from a root has more than `frames`
 * functions. Bodies in the order of emission: callees after callers.
 */
export function planInlining(module: WasmModule, roots: readonly number[], frames: number): Body[] {
  const order = reachable(module, roots)
  const shapes = new Map<number, Shape>()
  for (const f of order) {
    const sites = callsOf(module, f).map((callee): Site => ({ callee, inlined: undefined }))
    shapes.set(f, { body: { callee: f, sites }, size: module.functions[f]?.body.length ?? 0 })
  }
  for (;;) {
    const measured = measure(order, shapes, roots)
    const { below, above } = measured
    const depth = Math.max(...roots.map((root) => below.get(root) as number))
    if (depth <= frames)
      return order
        .toReversed()
        .filter((f) => above.has(f))
        .map((f) => (shapes.get(f) as Shape).body)
    const chosen = cheapest(shapes, measured, roots, depth)
    const { body, size } = shapes.get(chosen) as Shape
    for (const f of order) {
      const at = above.get(f)
      if (at === undefined || at + (below.get(chosen) as number) !== depth) continue
      const shape = shapes.get(f) as Shape
      for (const site of openSites(shape.body))
        if (site.callee === chosen) {
          site.inlined = copyOf(body)
          shape.size += size
        }
    }
  }
}
