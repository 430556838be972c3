/**
 * How often each block runs for each call of its function, estimated: a loop runs ten times, a branch goes both
 * ways alike, a switch to each of its cases as the profile says, or alike.
 */
import { type Block, type Func, successors } from './ir.ts'

const ROUNDS = 10

/** Shares of a block's successors, in their order. */
function shares(block: Block, next: readonly Block[], weights: readonly number[] | undefined): number[] {
  const { end } = block
  if (end?.kind !== 'switch' || !weights) return next.map(() => 1 / next.length)
  const total = end.targets.reduce((sum, _, i) => sum + (weights[i] ?? 1), 0)
  return next.map(
    (target) => end.targets.reduce((sum, t, i) => (t === target ? sum + (weights[i] ?? 1) : sum), 0) / total,
  )
}

/** Sets the blocks' frequencies; `weights` belong to the cases of the function's largest switch. */
export function estimateFrequencies(f: Func, weights: readonly number[] | undefined): void {
  const into = new Map<Block, number>([[f.entry, 1]])
  const largest = largestSwitch(f)
  for (const block of f.blocks) {
    // blocks come in an order in which all but jumps backwards go forward
    block.frequency = (into.get(block) ?? 0) * (block.isHeader ? ROUNDS : 1)
    const next = successors(block)
    const parts = shares(block, next, block === largest ? weights : undefined)
    next.forEach((to, i) => {
      if (to.order > block.order) into.set(to, (into.get(to) ?? 0) + block.frequency * (parts[i] as number))
    })
  }
}

export function largestSwitch(f: Func): Block | undefined {
  const cases = (block: Block): number => (block.end?.kind === 'switch' ? block.end.targets.length : 0)
  return f.blocks.filter((block) => cases(block) > 0).sort((a, b) => cases(b) - cases(a))[0]
}
