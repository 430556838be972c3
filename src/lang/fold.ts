/**
 * Constant folding of integer operators, as the reference folds: what would raise an error (division by
 * zero, a negative exponent) is left to run time. Exact 64-bit arithmetic, wrapping.
 */

import type {
  ArithmeticOperator,
  BinaryExpression,
  Constant,
  Expression,
  IntegerExpression,
  LogicalExpression,
  UnaryExpression,
} from './ast.ts'

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value)

export function isConstant(node: Expression): node is Constant {
  return node.kind === 'Nil' || node.kind === 'Boolean' || node.kind === 'Integer' || node.kind === 'String'
}

/** Whether a constant counts as true in a condition. */
export function isTruthy(node: Constant): boolean {
  return node.kind !== 'Nil' && !(node.kind === 'Boolean' && !node.value)
}

/** The constant that a unary operator makes of a constant, or the node itself. */
export function foldUnary(node: UnaryExpression): Expression {
  const { operator, operand, line, column } = node
  if (operator === 'not' && isConstant(operand)) {
    return { kind: 'Boolean', value: !isTruthy(operand), line, column }
  }
  if (operand.kind !== 'Integer') return node
  if (operator === '-') return { kind: 'Integer', value: wrap(-operand.value), line, column }
  if (operator === '~') return { kind: 'Integer', value: ~operand.value, line, column }
  return node
}

/** A chain of `and` (`or`) without the true (false) constants that it begins with, as the reference does. */
export function foldLogical(node: LogicalExpression): Expression {
  const { operator, operands } = node
  const decides = (operand: Expression) => !isConstant(operand) || isTruthy(operand) === (operator === 'or')
  const first = Math.min(operands.findIndex(decides) >>> 0, operands.length - 1)
  const last = operands.findIndex((operand, i) => i >= first && isConstant(operand) && decides(operand))
  node.operands = operands.slice(first, last < 0 ? undefined : last + 1) // what comes after is never reached
  const [only, ...others] = node.operands
  if (others.length > 0) return node
  return isOpen(only!) ? { kind: 'Paren', inner: only!, line: only!.line, column: only!.column } : only!
}

/** Whether an expression may have more or fewer values than one. */
export function isOpen(node: Expression): boolean {
  return node.kind === 'Call' || node.kind === 'MethodCall' || node.kind === 'Vararg'
}

/** The integer that an operator makes of two integers, or the node itself. */
export function foldBinary(node: BinaryExpression): BinaryExpression | IntegerExpression {
  const { left, right, line, column } = node
  if (left.kind !== 'Integer' || right.kind !== 'Integer') return node
  const operation = OPERATIONS[node.operator as ArithmeticOperator]
  const value = operation?.(left.value, right.value)
  return value === undefined ? node : { kind: 'Integer', value: wrap(value), line, column }
}

type Operation = (a: bigint, b: bigint) => bigint | undefined

const OPERATIONS: Readonly<Record<ArithmeticOperator, Operation>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': floorDivide,
  '//': floorDivide,
  '%': (a, b) => (b === 0n ? undefined : a - floorDivide(a, b)! * b),
  '^': power,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '~': (a, b) => a ^ b,
  '<<': shiftLeft,
  '>>': (a, b) => shiftLeft(a, -b),
}

function floorDivide(a: bigint, b: bigint): bigint | undefined {
  if (b === 0n) return undefined
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

/** Square and multiply, modulo 2^64. */
function power(a: bigint, b: bigint): bigint | undefined {
  if (b < 0n) return undefined
  let result = 1n
  let factor = a
  for (let rest = b; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = wrap(result * factor)
    factor = wrap(factor * factor)
  }
  return result
}

/** A logical shift, to the right for negative distances; 64 bits and more leave zero. */
function shiftLeft(a: bigint, distance: bigint): bigint {
  if (distance <= -64n || distance >= 64n) return 0n
  return distance >= 0n ? a << distance : BigInt.asUintN(64, a) >> -distance
}
