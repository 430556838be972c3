/**
 * Decides which 32-bit values are scalars for the verifier and which are pointers into the arena. Pointers can be
 * used for everything, and the verifier never tells two of them apart; but what comes as a scalar (loaded,
 * returned, converted) takes an instruction to become one. It may stay a scalar where the verifier learns nothing
 * from its use that lasts.
 */
import { countUses } from './fuse-conditions.ts'
import { type Func, type Node, usedAtEnd } from './ir.ts'

const isDivision = ({ kind, op }: Node): boolean => kind === 'binary' && /^(div|rem)/.test(op ?? '')

function comesAsScalar({ kind, op }: Node): boolean {
  if (kind === 'unary') return /^extend/.test(op ?? '')
  return kind === 'load' || kind === 'call' || kind === 'param' || kind === 'wrap'
}

/** Which values must be pointers, and the comparisons that use them. */
function survey(f: Func): { pointers: Set<Node>; compared: Map<Node, Node> } {
  const pointers = new Set<Node>()
  const compared = new Map<Node, Node>()
  for (const block of f.blocks) {
    for (const node of block.nodes) {
      const [first] = node.args as [Node]
      if (node.kind === 'load' || node.kind === 'store') pointers.add(first)
      if (
        node.kind === 'select' ||
        isDivision(node) ||
        (node.fused && node.kind === 'binary' && node.type === 'i32')
      )
        for (const arg of node.args) pointers.add(arg)
      if (node.kind === 'compare') for (const arg of node.args) compared.set(arg, node)
    }
    if (block.end?.kind !== 'return') for (const node of usedAtEnd(block)) pointers.add(node)
  }
  return { pointers, compared }
}

export function chooseScalars(f: Func): void {
  const uses = countUses(f)
  const { pointers, compared } = survey(f)
  for (const block of f.blocks)
    for (const node of block.nodes) {
      const isCompared = compared.has(node)
      // of a value that a comparison alone uses, in its own block, nothing is left for the verifier to remember
      const isForgotten = isCompared && uses.get(node) === 1 && isShortLived(node, compared.get(node) as Node)
      const mayBeScalar = comesAsScalar(node) && (isCompared ? isForgotten : !pointers.has(node))
      node.scalar = node.type === 'i64' || (node.type === 'i32' && mayBeScalar)
    }
  for (const block of f.blocks) for (const phi of block.phis) phi.scalar = phi.type === 'i64'
}

/** Is the value gone after the comparison, which is with a constant? */
function isShortLived(node: Node, compare: Node): boolean {
  return (node.fused || compare.block === node.block) && compare.args[1]?.kind === 'const'
}
