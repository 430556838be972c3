/** Checks the intermediate code between passes: what every pass relies on, and leaves as it was. */
import { type Block, type Func, type Node, successors, usedAtEnd } from './ir.ts'

/** Blocks that every way to a block leads through. */
function dominators(f: Func): Map<Block, Set<Block>> {
  const result = new Map<Block, Set<Block>>([[f.entry, new Set([f.entry])]])
  for (let changed = true; changed; ) {
    changed = false
    for (const block of f.blocks) {
      if (block === f.entry) continue
      const known = block.preds.map((pred) => result.get(pred)).filter((set) => set !== undefined)
      const [first, ...others] = known
      if (!first) continue
      const common = new Set([...first].filter((d) => others.every((set) => set.has(d)))).add(block)
      if (common.size !== result.get(block)?.size) {
        result.set(block, common)
        changed = true
      }
    }
  }
  return result
}

function* graphProblems(f: Func): Generator<string> {
  const blocks = new Set(f.blocks)
  if (f.blocks[0] !== f.entry) yield 'the entry is not the first block'
  for (const block of f.blocks) {
    if (!block.end) yield `b${block.id} has no end`
    for (const next of successors(block)) {
      if (!blocks.has(next)) yield `b${block.id} goes to b${next.id}, which is gone`
      if (!next.preds.includes(block)) yield `b${next.id} doesn't know its predecessor b${block.id}`
    }
    if (new Set(block.preds).size !== block.preds.length) yield `b${block.id} has a predecessor twice`
    for (const pred of block.preds)
      if (!successors(pred).includes(block)) yield `b${block.id} takes b${pred.id} for a predecessor`
    for (const phi of block.phis)
      if (phi.args.length !== block.preds.length)
        yield `v${phi.id} has ${phi.args.length} arguments in b${block.id} with ${block.preds.length} predecessors`
  }
}

function* valueProblems(f: Func): Generator<string> {
  const home = new Map<Node, Block>()
  for (const block of f.blocks) for (const node of [...block.phis, ...block.nodes]) home.set(node, block)
  const above = dominators(f)
  for (const block of f.blocks) {
    const seen = new Set<Node>(block.phis)
    const reaches = (node: Node): boolean => {
      if (node.kind === 'const') return true
      const at = home.get(node)
      return at !== undefined && (at === block ? seen.has(node) : (above.get(block)?.has(at) ?? false))
    }
    for (const node of block.nodes) {
      for (const arg of node.args)
        if (!reaches(arg)) yield `v${node.id} in b${block.id} uses v${arg.id}, which doesn't reach it`
      seen.add(node)
    }
    for (const node of usedAtEnd(block))
      if (!reaches(node)) yield `the end of b${block.id} uses v${node.id}, which doesn't reach it`
    for (const phi of block.phis)
      for (const [i, arg] of phi.args.entries()) {
        const pred = block.preds[i] as Block
        const at = home.get(arg)
        if (arg.kind !== 'const' && !(at && above.get(pred)?.has(at)))
          yield `v${phi.id} gets v${arg.id} from b${pred?.id}, which it doesn't reach`
      }
  }
}

/** What is wrong with a function; empty if nothing is. */
export function checkIr(f: Func): string[] {
  return [...graphProblems(f), ...valueProblems(f)].map((problem) => `${f.name}: ${problem}`)
}
