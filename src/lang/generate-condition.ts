/**
 * Conditions: tests compile to fused compare-and-jump instructions, and pass through a register only
 * where their value is asked for (`x = a < b`, `x = a and b`).
 */

import { TAG } from '../isa/layout.ts'
import type { BinaryExpression, BinaryOperator, Expression, LogicalExpression } from './ast.ts'
import { LITERAL } from './code-buffer.ts'
import { isConstant, isTruthy } from './fold.ts'
import type { FunctionState } from './function-state.ts'
import { asInt16, isShort, toAny, toRegister } from './operand.ts'

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set<BinaryOperator>(['==', '~=', '<', '<=', '>', '>='])

export function isComparison(node: Expression): node is BinaryExpression {
  return node.kind === 'Binary' && COMPARISONS.has(node.operator)
}

/** Whether a value is a boolean, of a comparison or a negation. */
function isTest(node: Expression): boolean {
  return isComparison(node) || (node.kind === 'Unary' && node.operator === 'not')
}

/** Whether a value is best computed by jumps. */
export function needsJumps(node: Expression): boolean {
  if (node.kind === 'Unary' && node.operator === 'not') return needsJumps(node.operand)
  return isComparison(node) || node.kind === 'Logical'
}

/** Jumps that are taken when the truth of an expression is `when`; falls through otherwise. */
export function jump(f: FunctionState, node: Expression, when: boolean, line?: number): number[] {
  if (isConstant(node)) return isTruthy(node) === when ? [f.code.jump('JMP', 0, 0, node.line)] : []
  if (node.kind === 'Unary' && node.operator === 'not')
    return f.chunk.passes.jump(f, node.operand, !when, line)
  if (node.kind === 'Logical') return jumpLogical(f, node, when, line)
  const mark = f.free
  f.descend()
  const at = isComparison(node)
    ? jumpComparison(f, node, when)
    : f.code.jump(when ? 'JT' : 'JF', toAny(f, node), 0, line ?? node.line)
  f.ascend()
  f.free = mark
  return [at]
}

function jumpLogical(
  f: FunctionState,
  { operator, operands }: LogicalExpression,
  when: boolean,
  line: number | undefined,
): number[] {
  const shortcut = operator === 'or'
  const last = operands.length - 1
  const jumps = operands.slice(0, last).flatMap((operand) => jump(f, operand, shortcut))
  const lastJumps = jump(f, operands[last]!, when, line)
  if (when === shortcut) return [...jumps, ...lastJumps]
  f.code.patchHere(jumps)
  return lastJumps
}

// ---- comparisons ----

/** `left` is a register that holds the left operand's value, if it has been evaluated. */
function jumpComparison(f: FunctionState, node: BinaryExpression, when: boolean, left?: number): number {
  if (node.operator === '==' || node.operator === '~=') {
    return jumpEquality(f, node, (node.operator === '==') === when, left)
  }
  return jumpOrder(f, node, when, left)
}

/** A left operand in a register. A chain of comparisons leans left; it is followed in a loop. */
function leftOperand(f: FunctionState, node: Expression): number {
  if (!isComparison(node)) return toAny(f, node)
  const register = f.reserve(1)
  const spine: BinaryExpression[] = []
  for (let at: Expression = node; isComparison(at); at = at.left) spine.push(at)
  let left: number | undefined
  for (let link = spine.pop(); link !== undefined; link = spine.pop()) {
    const mark = f.free
    const no = jumpComparison(f, link, false, left)
    f.free = mark
    f.code.abc('LOADTRUE', register, 0, 0, link.line)
    loadOutcomes(f, { done: [], no: [no], yes: [] }, register, link.line)
    left = register
  }
  return register
}

function jumpEquality(f: FunctionState, node: BinaryExpression, equal: boolean, known?: number): number {
  const swapped = isConstant(node.left) && !isConstant(node.right)
  const left = swapped ? node.right : node.left
  const right = swapped ? node.left : node.right
  const { line } = node
  const a = known ?? leftOperand(f, left)
  const immediate = asInt16(right)
  if (immediate !== undefined) return f.code.jumpImmediate(equal ? 'JEQI' : 'JNEI', a, immediate, line)
  const literal = literalOf(f, right)
  if (literal !== undefined) {
    return f.code.jumpLiteral(equal ? 'JEQK' : 'JNEK', a, literal.kind, literal.index, line)
  }
  const b = toAny(f, right)
  return f.code.jump(equal ? 'JEQ' : 'JNE', a, b, line)
}

/** Smaller integers are boxed, so that the same value is not the same word. */
const FIRST_PLAIN = BigInt(TAG.MAX + 1) << 32n

/** The right operand as a literal word that can be compared as it is. */
function literalOf(f: FunctionState, node: Expression): { kind: number; index: number } | undefined {
  switch (node.kind) {
    case 'Nil':
      return { kind: LITERAL.nil, index: 0 }
    case 'Boolean':
      return { kind: node.value ? LITERAL.true : LITERAL.false, index: 0 }
    case 'Integer':
      return node.value < FIRST_PLAIN ? undefined : { kind: LITERAL.constant, index: f.constant(node.value) }
    case 'String':
      return isShort(node.value) ? { kind: LITERAL.constant, index: f.constant(node.value) } : undefined
    default:
      return undefined
  }
}

/** Immediate forms by operator, with the constant on the right and on the left. */
const IMMEDIATE: Readonly<Partial<Record<BinaryOperator, readonly [right: string, left: string]>>> = {
  '<': ['LTI', 'GTI'],
  '<=': ['LEI', 'GEI'],
  '>': ['GTI', 'LTI'],
  '>=': ['GEI', 'LEI'],
}

function jumpOrder(f: FunctionState, node: BinaryExpression, when: boolean, known?: number): number {
  const { operator, left, right, line } = node
  const prefix = when ? 'J' : 'JN'
  const forms = IMMEDIATE[operator]!
  const onRight = asInt16(right)
  if (onRight !== undefined) {
    return f.code.jumpImmediate(prefix + forms[0], known ?? leftOperand(f, left), onRight, line)
  }
  const onLeft = asInt16(left)
  if (onLeft !== undefined) return f.code.jumpImmediate(prefix + forms[1], toAny(f, right), onLeft, line)
  const a = known ?? leftOperand(f, left)
  const b = toAny(f, right)
  const op = prefix + (operator === '<' || operator === '>' ? 'LT' : 'LE')
  return operator === '<' || operator === '<=' ? f.code.jump(op, a, b, line) : f.code.jump(op, b, a, line)
}

// ---- values ----

/** Jumps that wait for the end of an expression: with the value in place, or for `false` and `true`. */
interface Exits {
  readonly done: number[]
  readonly no: number[]
  readonly yes: number[]
}

/** Evaluates a test, or a chain of `and` and `or`, into a register. */
export function testValue(f: FunctionState, node: Expression, register: number): void {
  const exits: Exits = { done: [], no: [], yes: [] }
  lastOperand(f, node, register, exits)
  loadOutcomes(f, exits, register, node.line)
}

/** Where the jumps of a test end: with `true` or `false` in the register, or with the value that is there. */
function loadOutcomes(f: FunctionState, exits: Exits, register: number, line: number): void {
  const { code } = f
  if (exits.yes.length > 0) {
    if (code.reachable) exits.done.push(code.jump('JMP', 0, 0, line))
    code.patchHere(exits.yes)
    code.abc('LOADTRUE', register, 0, 0, line)
  }
  if (exits.no.length > 0) {
    if (code.reachable) exits.done.push(code.jump('JMP', 0, 0, line))
    code.patchHere(exits.no)
    code.abc('LOADFALSE', register, 0, 0, line)
  }
  code.patchHere(exits.done)
}

/** The operand whose value is the whole's if it is reached: falls through with it in the register. */
function lastOperand(f: FunctionState, node: Expression, register: number, exits: Exits): void {
  if (node.kind === 'Logical') {
    const last = node.operands.length - 1
    for (let i = 0; i < last; i++) exitIf(f, node.operands[i]!, node.operator === 'or', register, exits)
    lastOperand(f, node.operands[last]!, register, exits)
  } else if (needsJumps(node)) {
    for (const at of jump(f, node, false)) exits.no.push(at)
    f.code.patchHere(exits.yes.splice(0))
    f.code.abc('LOADTRUE', register, 0, 0, node.line)
  } else toRegister(f, node, register)
}

/** Leaves the whole expression with this operand's value if its truth is `when`. */
function exitIf(f: FunctionState, node: Expression, when: boolean, register: number, exits: Exits): void {
  if (isConstant(node)) {
    if (isTruthy(node) !== when) return
    toRegister(f, node, register)
    exits.done.push(f.code.jump('JMP', 0, 0, node.line))
  } else if (isTest(node)) {
    for (const at of jump(f, node, when)) (when ? exits.yes : exits.no).push(at)
  } else if (node.kind === 'Logical') exitIfLogical(f, node, when, register, exits)
  else exits.done.push(exitIfValue(f, node, when, register))
}

function exitIfLogical(
  f: FunctionState,
  { operator, operands }: LogicalExpression,
  when: boolean,
  register: number,
  exits: Exits,
): void {
  const shortcut = operator === 'or'
  const last = operands.length - 1
  if (when === shortcut) {
    for (const operand of operands) exitIf(f, operand, when, register, exits)
    return
  }
  const skips = operands.slice(0, last).flatMap((operand) => jump(f, operand, shortcut))
  exitIf(f, operands[last]!, when, register, exits)
  f.code.patchHere(skips)
}

function exitIfValue(f: FunctionState, node: Expression, when: boolean, register: number): number {
  const mark = f.free
  const at = toAny(f, node, f.isScratch(register) ? register : undefined)
  f.free = mark
  if (at === register) return f.code.jump(when ? 'JT' : 'JF', register, 0, node.line)
  return f.code.jump(when ? 'JTSET' : 'JFSET', register, at, node.line)
}
