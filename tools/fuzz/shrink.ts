/** Makes a program smaller as long as it still shows a difference: without statements, blocks, arguments. */
import type { Compound, Node } from './tree.ts'

/** What a statement can be replaced by, from the largest change to the smallest. */
function* replacements(node: Node): Generator<readonly Node[]> {
  yield []
  if (typeof node === 'string') {
    for (const text of simplerLines(node)) yield [text]
    return
  }
  for (const part of node.parts) yield part.body
  if (node.parts.length > 1)
    for (const [i] of node.parts.entries())
      if (i > 0) yield [{ ...node, parts: node.parts.filter((_, other) => other !== i) }]
  for (const [i, part] of node.parts.entries()) {
    for (const body of smaller(part.body)) yield [withPart(node, i, { ...part, body })]
    for (const head of simplerLines(part.head)) yield [withPart(node, i, { ...part, head })]
  }
}

const withPart = (node: Compound, at: number, part: Compound['parts'][number]): Compound => ({
  ...node,
  parts: node.parts.map((old, i) => (i === at ? part : old)),
})

/** The line with the contents of a pair of parentheses gone, or shrunk to one of its operands. */
function* simplerLines(line: string): Generator<string> {
  for (let at = line.indexOf('('); at >= 0; at = line.indexOf('(', at + 1)) {
    const end = closingOf(line, at)
    if (end < 0) continue
    const [before, inside, after] = [line.slice(0, at), line.slice(at + 1, end), line.slice(end + 1)]
    if (/^-?\w*$/.test(inside)) continue
    yield `${before}(1)${after}`
    yield `${before}()${after}`
    if (inside.startsWith('(')) yield before + inside + after
    const comma = inside.lastIndexOf(', ')
    if (comma > 0) yield `${before}(${inside.slice(0, comma)})${after}`
  }
}

function closingOf(line: string, from: number): number {
  let depth = 0
  for (let i = from; i < line.length; i++) {
    if (line[i] === '(') depth++
    if (line[i] === ')' && --depth === 0) return i
  }
  return -1
}

/** Programs that are smaller by one step. */
function* smaller(nodes: readonly Node[]): Generator<Node[]> {
  const half = nodes.length >> 1
  if (half > 1) {
    yield nodes.slice(half)
    yield nodes.slice(0, half)
  }
  for (const [i, node] of nodes.entries())
    for (const replaced of replacements(node))
      yield [...nodes.slice(0, i), ...replaced, ...nodes.slice(i + 1)]
}

/** The smallest program found, of at most `tries`, for which `differs` is true. */
export function shrink(
  program: readonly Node[],
  differs: (nodes: readonly Node[]) => boolean,
  tries: number,
): readonly Node[] {
  let best = program
  let left = tries
  for (let found = true; found && left > 0; ) {
    found = false
    for (const candidate of smaller(best)) {
      if (--left <= 0) break
      if (!differs(candidate)) continue
      best = candidate
      found = true
      break
    }
  }
  return best
}
