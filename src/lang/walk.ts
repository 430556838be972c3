/** Walks through a syntax tree that the resolver has been through. */

import type { Expression, Statement } from './ast.ts'

export type Node = Expression | Statement

const isNode = (value: object): value is Node => 'kind' in value

/** What the resolver has added leads elsewhere in the tree, and declarations hold no names that are used. */
const ASIDE = new Set(['reference', 'upvalues', 'variable', 'variables', 'parameters'])

const partsOf = (node: object): unknown[] =>
  Object.entries(node).flatMap(([key, value]) => (ASIDE.has(key) ? [] : [value]))

/**
 * Visits statements, expressions and what they hold, in the order of the text, but for what is in a node of which `visit`
 * says true: there is nothing more to see in it. No recursion, for deep trees.
 */
export function walk(root: object, visit: (node: Node) => boolean): void {
  const rest: unknown[] = [root]
  while (rest.length > 0) {
    const node = rest.pop()
    if (typeof node !== 'object' || node === null) continue
    if (isNode(node) && visit(node)) continue
    const parts = Array.isArray(node) ? node : partsOf(node)
    for (let i = parts.length - 1; i >= 0; i--) rest.push(parts[i])
  }
}
