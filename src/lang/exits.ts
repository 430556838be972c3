/**
 * Where chains of `and` and `or` leave an expression before its end, as the reference compiles them: behind such an
 * exit its messages don't know a value's name. It knows fewer constants than fold.ts; what is known of a chain is
 * therefore noted before it is folded.
 */

import type { Exits, Expression, LogicalExpression } from './ast.ts'
import { isConstant, isTruthy } from './fold.ts'

/** The exits of an expression that has been resolved. */
function exitsOf(node: Expression): Exits {
  if (node.exits !== undefined) return node.exits
  return { true: false, false: false, ...(isConstant(node) ? { known: isTruthy(node) } : {}) }
}

/** The exits of a chain whose operands have been resolved. */
export function exitsOfChain({ operator, operands }: LogicalExpression): Exits {
  const [first, ...others] = operands
  let so = exitsOf(first!)
  for (const operand of others) {
    const next = exitsOf(operand)
    const leaves = so.known !== (operator === 'and')
    so =
      operator === 'and'
        ? { ...next, false: next.false || so.false || leaves }
        : { ...next, true: next.true || so.true || leaves }
  }
  return so
}

/** The operand whose name the value of an expression has; undefined behind an exit. */
export function namedOperand(node: Expression): Expression | undefined {
  if (node.exits?.true || node.exits?.false) return undefined
  return node.kind === 'Logical' ? namedOperand(node.operands.at(-1)!) : node
}
