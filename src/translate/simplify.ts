/**
 * Fifth pass: removes phis that stand for one value, values that nobody uses, branches on constants, and
 * blocks that need not be blocks of their own.
 */
import {
  type Block,
  type Func,
  hasEffect,
  type Node,
  removeEdge,
  retarget,
  successors,
  type Terminator,
  usedAtEnd,
} from './ir.ts'
import { threadBranches } from './thread-branches.ts'

/** Replaces values throughout a function; replacements may be replaced in turn. */
export function replaceValues(f: Func, replacement: ReadonlyMap<Node, Node>): void {
  const now = (node: Node): Node => {
    let value = node
    for (let next = replacement.get(value); next; next = replacement.get(value)) value = next
    return value
  }
  for (const block of f.blocks) {
    for (const phi of block.phis) phi.args = phi.args.map(now)
    for (const node of block.nodes) node.args = node.args.map(now)
    const { end } = block
    if (end?.kind === 'branch') end.condition = now(end.condition)
    else if (end?.kind === 'switch') end.index = now(end.index)
    else if (end?.kind === 'return' && end.value) end.value = now(end.value)
  }
}

const sameValue = (a: Node, b: Node): boolean =>
  a === b || (a.kind === 'const' && b.kind === 'const' && a.type === b.type && a.value === b.value)

/** The one value that a phi can have besides itself; undefined if there are several. */
function onlyValue(phi: Node, now: (node: Node) => Node): Node | undefined {
  let only: Node | undefined
  for (const arg of phi.args) {
    const value = now(arg)
    if (value === phi) continue
    if (only && !sameValue(only, value)) return undefined
    only ??= value
  }
  return only
}

function removeTrivialPhis(f: Func): void {
  const replacement = new Map<Node, Node>()
  const now = (node: Node): Node => {
    let value = node
    for (let next = replacement.get(value); next; next = replacement.get(value)) value = next
    return value
  }
  for (let changed = true; changed; ) {
    changed = false
    for (const block of f.blocks)
      block.phis = block.phis.filter((phi) => {
        const only = onlyValue(phi, now)
        if (!only) return true
        replacement.set(phi, only)
        changed = true
        return false
      })
  }
  replaceValues(f, replacement)
}

function removeUnused(f: Func): void {
  const used = new Set<Node>()
  const work: Node[] = []
  const use = (node: Node): void => {
    if (used.has(node)) return
    used.add(node)
    work.push(node)
  }
  for (const block of f.blocks) {
    for (const node of block.nodes) if (hasEffect(node)) use(node)
    for (const node of usedAtEnd(block)) use(node)
  }
  for (let node = work.pop(); node; node = work.pop()) for (const arg of node.args) use(arg)
  for (const block of f.blocks) {
    block.phis = block.phis.filter((phi) => used.has(phi))
    block.nodes = block.nodes.filter((node) => used.has(node))
  }
}

/** Replaces selections that a constant decides, and between equal values; were there any? */
function foldSelections(f: Func): boolean {
  const replacement = new Map<Node, Node>()
  for (const block of f.blocks)
    block.nodes = block.nodes.filter((node) => {
      const [condition, yes, no] = node.args as [Node, Node, Node]
      if (node.kind !== 'select' || (condition.kind !== 'const' && !sameValue(yes, no))) return true
      replacement.set(node, condition.kind === 'const' && condition.value === 0n ? no : yes)
      return false
    })
  if (replacement.size > 0) replaceValues(f, replacement)
  return replacement.size > 0
}

/** What a branch on a constant comes to. */
function resolved(end: Terminator): Terminator {
  if (end.kind === 'branch' && end.condition.kind === 'const')
    return { kind: 'jump', target: end.condition.value !== 0n ? end.taken : end.otherwise }
  if (end.kind === 'switch' && end.index.kind === 'const') {
    const i = Number(BigInt.asUintN(32, end.index.value))
    return { kind: 'jump', target: end.targets[Math.min(i, end.targets.length - 1)] as Block }
  }
  return end
}

function foldBranches(f: Func): boolean {
  let changed = false
  for (const block of f.blocks) {
    const end = resolved(block.end as Terminator)
    if (end === block.end) continue
    const before = successors(block)
    block.end = end
    const after = successors(block)
    for (const target of before) if (!after.includes(target)) removeEdge(block, target)
    changed = true
  }
  if (changed) removeUnreachable(f)
  return changed
}

function removeUnreachable(f: Func): void {
  const reached = new Set<Block>([f.entry])
  for (const block of reached) for (const next of successors(block)) reached.add(next)
  for (const block of f.blocks) {
    if (reached.has(block)) continue
    for (const next of successors(block)) if (reached.has(next)) removeEdge(block, next)
  }
  f.blocks = f.blocks.filter((block) => reached.has(block))
}

/** Joins a block to its only predecessor, if that one goes nowhere else. */
function joinBlocks(f: Func): void {
  const gone = new Set<Block>()
  for (const block of f.blocks) {
    if (gone.has(block)) continue
    for (;;) {
      const { end } = block
      if (end?.kind !== 'jump' || end.target === block || end.target === f.entry) break
      const next = end.target
      if (next.preds.length !== 1) break
      for (const node of next.nodes) node.block = block
      block.nodes.push(...next.nodes)
      block.end = next.end
      for (const target of successors(next)) target.preds = target.preds.map((p) => (p === next ? block : p))
      gone.add(next)
    }
  }
  f.blocks = f.blocks.filter((block) => !gone.has(block))
}

/** Skips blocks that do nothing but jump, where no phi tells the ways apart. */
function skipEmpty(f: Func): void {
  for (const block of f.blocks) {
    const { end } = block
    if (block === f.entry || block.nodes.length > 0 || block.phis.length > 0 || end?.kind !== 'jump') continue
    const { target } = end
    if (target === block || target.phis.length > 0) continue
    if (block.preds.some((pred) => successors(pred).includes(target))) continue
    for (const pred of block.preds) retarget(pred, block, target)
    target.preds = target.preds.flatMap((pred) => (pred === block ? block.preds : [pred]))
    block.preds = []
    block.end = { kind: 'trap', position: -1 } // nothing leads here any more
  }
  removeUnreachable(f)
}

/** Marks the targets of jumps backwards in the order of the blocks. */
export function markHeaders(f: Func): void {
  f.blocks.forEach((block, i) => {
    block.order = i
  })
  for (const block of f.blocks) block.isHeader = block.preds.some((pred) => pred.order >= block.order)
}

export function simplify(f: Func): void {
  do {
    do {
      removeTrivialPhis(f)
      removeUnused(f)
    } while (foldSelections(f) || foldBranches(f))
    skipEmpty(f)
    joinBlocks(f)
  } while (threadBranches(f))
  markHeaders(f)
}
