/** Prints the intermediate code, for people who look at what a pass did. */
import { type Block, type Func, type Node, successors } from './ir.ts'

const nameOf = (node: Node): string => (node.kind === 'const' ? String(node.value) : `v${node.id}`)

function nodeText(node: Node, note: string): string {
  const args = node.args.map(nameOf).join(', ')
  const op = node.op ? `${node.kind} ${node.op}` : node.kind
  const memory =
    node.kind === 'load' || node.kind === 'store'
      ? ` ${node.bytes * 8}${node.signed ? 's' : ''} +${node.offset}`
      : ''
  const index = node.kind === 'call' || node.kind === 'param' ? ` ${node.index}` : ''
  const left = node.type ? `v${node.id}: ${node.type} = ` : ''
  const flags = `${node.fused ? ' (condition)' : ''}${note}`
  return `    ${left}${op}${memory}${index} ${args}${flags}`.trimEnd()
}

function endText(block: Block): string {
  const { end } = block
  switch (end?.kind) {
    case 'branch':
      return `if ${nameOf(end.condition)} goto b${end.taken.id} else b${end.otherwise.id}`
    case 'switch':
      return `switch ${nameOf(end.index)} ${end.targets.map(({ id }) => `b${id}`).join(' ')}`
    case 'return':
      return `return${end.value ? ` ${nameOf(end.value)}` : ''}`
    case 'jump':
      return `goto b${successors(block)[0]?.id}`
    default:
      return 'trap'
  }
}

/** A listing; `noteOf` adds what is known of a value, such as its register. */
export function dumpFunction(f: Func, noteOf: (node: Node) => string = () => ''): string {
  const lines = [`${f.name}(${f.parameters.join(', ')})${f.result ? `: ${f.result}` : ''}`]
  for (const block of f.blocks) {
    const preds = block.preds.map(({ id }) => `b${id}`).join(' ')
    lines.push(`  b${block.id}:${block.isHeader ? ' loop' : ''}${preds ? ` ← ${preds}` : ''}`)
    for (const node of [...block.phis, ...block.nodes]) lines.push(nodeText(node, noteOf(node)))
    lines.push(`    ${endText(block)}`)
  }
  return `${lines.join('\n')}\n`
}
