/** Eighth pass: gives each edge that needs copies for phis a block of its own. */
import { type Block, type Func, newBlock, retarget, successors } from './ir.ts'
import { markHeaders } from './simplify.ts'

export function splitEdges(f: Func): void {
  f.blocks = f.blocks.flatMap((block) => {
    const next = successors(block)
    if (next.length < 2) return [block]
    return [block, ...next.filter(({ phis }) => phis.length > 0).map((to) => splitEdge(f, block, to))]
  })
  markHeaders(f)
}

function splitEdge(f: Func, from: Block, to: Block): Block {
  const between = newBlock(f)
  between.end = { kind: 'jump', target: to }
  between.preds = [from]
  retarget(from, to, between)
  to.preds = to.preds.map((pred) => (pred === from ? between : pred))
  return between
}
