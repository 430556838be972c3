/**
 * Marks what is computed where it is used. Comparisons, and combinations of them, that are only ever conditions
 * never become values: whoever branches on them branches on their parts. And the half of a 64-bit value that a
 * comparison alone looks at is taken when it looks.
 */
import { type Func, type Node, usedAtEnd } from './ir.ts'

/** Is the value 0 or 1? */
function isBoolean(node: Node): boolean {
  if (node.kind === 'compare') return true
  if (node.kind === 'const') return node.value === 0n || node.value === 1n
  return (node.op === 'and' || node.op === 'or') && node.type === 'i32' && node.args.every(isBoolean)
}

/** What a constant is as a condition; undefined for other values. */
const truthOf = ({ kind, value }: Node): boolean | undefined => (kind === 'const' ? value !== 0n : undefined)

/** A combination that constants decide stays a value: of branches on its parts, one would never be taken. */
function isCondition(node: Node): boolean {
  if (node.kind === 'compare') return true
  if (node.kind === 'select') {
    const [, yes, no] = node.args.map(truthOf)
    return node.type === 'i32' && (yes === undefined || yes !== no)
  }
  return node.kind === 'binary' && isBoolean(node) && node.args.every(({ kind }) => kind !== 'const')
}

export function fuseConditions(f: Func): void {
  const asValue = new Set<Node>()
  for (const block of f.blocks) {
    for (const phi of block.phis) for (const arg of phi.args) asValue.add(arg)
    if (block.end?.kind !== 'branch') for (const node of usedAtEnd(block)) asValue.add(node)
  }
  // users stand behind what they use, but for phis
  for (const block of f.blocks.toReversed())
    for (const node of block.nodes.toReversed()) {
      node.fused = isCondition(node) && !asValue.has(node)
      const { args, kind } = node
      // of a fused combination all parts are conditions, of a selection the first
      const values = !node.fused || kind === 'compare' ? args.slice(kind === 'select' ? 1 : 0) : []
      for (const arg of values) asValue.add(arg)
    }
  fuseHalves(f)
}

/** Marks `wrap` and `wrap` of a shift by a constant, if a comparison is all that uses them. */
function fuseHalves(f: Func): void {
  const uses = countUses(f)
  for (const { nodes } of f.blocks)
    for (const { kind, args } of nodes) {
      const [half] = args
      if (kind !== 'compare' || half?.kind !== 'wrap' || uses.get(half) !== 1) continue
      half.fused = true
      const [shift] = half.args as [Node]
      const [, count] = shift.args
      if (/^shr/.test(shift.op ?? '') && count?.kind === 'const' && uses.get(shift) === 1) shift.fused = true
    }
}

/** How often each value is used. */
export function countUses(f: Func): Map<Node, number> {
  const uses = new Map<Node, number>()
  for (const block of f.blocks) {
    const used = [
      ...block.phis.flatMap(({ args }) => args),
      ...block.nodes.flatMap(({ args }) => args),
      ...usedAtEnd(block),
    ]
    for (const arg of used) uses.set(arg, (uses.get(arg) ?? 0) + 1)
  }
  return uses
}
