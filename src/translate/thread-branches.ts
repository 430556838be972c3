/**
 * Part of the fifth pass: where the way that control came decides a branch, it goes there at once. `a && b` as a
 * condition becomes a phi of b and 0 and a branch on it; this makes two branches of it.
 */
import {
  type Block,
  type Condition,
  type Func,
  type Node,
  newNode,
  removeEdge,
  retarget,
  successors,
  usedAtEnd,
} from './ir.ts'

/** A block that does nothing but branch on one of its phis. */
interface Crossing {
  readonly phi: Node
  /** Where it goes when the phi is not 0, and when it is. */
  readonly taken: Block
  readonly otherwise: Block
}

function crossingAt(block: Block): Crossing | undefined {
  const { end, phis, nodes } = block
  const [phi] = phis
  if (end?.kind !== 'branch' || !phi || phis.length !== 1 || nodes.length > 1) return undefined
  const { condition, taken, otherwise } = end
  if (taken === block || otherwise === block) return undefined
  if (condition === phi && nodes.length === 0) return { phi, taken, otherwise }
  const [test] = nodes
  const [a, b] = test?.args ?? []
  if (test !== condition || test?.kind !== 'compare' || a !== phi || b?.kind !== 'const' || b.value !== 0n)
    return undefined
  if (test.op === 'ne') return { phi, taken, otherwise }
  return test.op === 'eq' ? { phi, taken: otherwise, otherwise: taken } : undefined
}

/** Values that something else than a branch at the end of their own block uses. */
function usedElsewhere(f: Func): Set<Node> {
  const used = new Set<Node>()
  for (const block of f.blocks) {
    const own = new Set<Node>([...block.phis, ...block.nodes])
    for (const node of block.phis) for (const arg of node.args) used.add(arg)
    for (const node of block.nodes) for (const arg of node.args) if (!own.has(arg)) used.add(arg)
    for (const node of usedAtEnd(block)) if (!own.has(node)) used.add(node)
  }
  return used
}

function addEdge(from: Block, to: Block, like: Block): void {
  const i = to.preds.indexOf(like)
  to.preds.push(from)
  for (const phi of to.phis) phi.args.push(phi.args[i] as Node)
}

/** Lets `pred` skip the crossing, if what it brings decides the branch, or is a condition. */
function thread(f: Func, pred: Block, block: Block, { phi, taken, otherwise }: Crossing): boolean {
  const value = phi.args[block.preds.indexOf(pred)] as Node
  const targets = value.kind === 'const' ? [value.value !== 0n ? taken : otherwise] : [taken, otherwise]
  if (targets.some((target) => successors(pred).includes(target))) return false
  if (value.kind === 'const') {
    addEdge(pred, targets[0] as Block, block)
    retarget(pred, block, targets[0] as Block)
  } else {
    if (pred.end?.kind !== 'jump' || value.kind !== 'compare' || value.block !== pred) return false
    const condition = newNode(f, 'compare', 'i32', [...value.args], pred)
    condition.op = value.op as Condition
    condition.position = value.position
    pred.nodes.push(condition)
    for (const target of targets) addEdge(pred, target, block)
    pred.end = { kind: 'branch', condition, taken, otherwise, position: value.position }
  }
  removeEdge(pred, block)
  return true
}

/** Threads what it can; has anything changed? */
export function threadBranches(f: Func): boolean {
  const used = usedElsewhere(f)
  let changed = false
  for (const block of f.blocks) {
    const crossing = crossingAt(block)
    if (!crossing || block.nodes.some((node) => used.has(node)) || used.has(crossing.phi)) continue
    for (const pred of [...block.preds]) if (thread(f, pred, block, crossing)) changed = true
  }
  return changed
}
