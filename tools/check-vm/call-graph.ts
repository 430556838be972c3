/** The calls between functions of the VM: cycles, and the longest chain from an entry point. */

/** Functions by number; for each the numbers of those that it calls. */
export type CallGraph = readonly (readonly number[])[]

/**
 * Groups of functions that call each other in a circle (strongly connected components; Tarjan 1972), callees
 * before callers. A group of one is recursive only if the function calls itself.
 */
export function groups(graph: CallGraph): number[][] {
  const found: number[][] = []
  const order: number[] = []
  const low: number[] = []
  const stack: number[] = []
  let visited = 0
  const visit = (f: number): void => {
    order[f] = visited
    low[f] = visited++
    stack.push(f)
    for (const g of graph[f] as readonly number[]) {
      if (order[g] === undefined) visit(g)
      if (stack.includes(g)) low[f] = Math.min(low[f] as number, low[g] as number)
    }
    if (low[f] === order[f]) found.push(stack.splice(stack.indexOf(f)))
  }
  for (let f = 0; f < graph.length; f++) if (order[f] === undefined) visit(f)
  return found
}

/** Groups that can call themselves without end. */
export function recursions(graph: CallGraph): number[][] {
  return groups(graph).filter(
    (group) => group.length > 1 || graph[group[0] as number]?.includes(group[0] as number),
  )
}

/**
 * For each function the longest chain of calls that starts with it, itself included. A recursive group counts
 * as a chain of all its functions: what a run would need at least to go through it once.
 */
export function longestChains(graph: CallGraph): number[][] {
  const chains: number[][] = []
  for (const group of groups(graph)) {
    let below: number[] = []
    for (const f of group)
      for (const g of graph[f] as readonly number[]) {
        const chain = group.includes(g) ? [] : (chains[g] as number[])
        if (chain.length > below.length) below = chain
      }
    for (const f of group) chains[f] = [f, ...group.filter((g) => g !== f), ...below]
  }
  return chains
}
