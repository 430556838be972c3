/** Expressions into registers: what the code generator does for each kind of node. */

import type { Constant, Expression, NameExpression } from './ast.ts'
import type { FunctionState } from './function-state.ts'
import { isComparison, needsJumps, testValue } from './generate-condition.ts'
import { arithmetic, concatenation, unary } from './generate-operator.ts'
import { callResults, globalValue, OPEN, suffixed } from './generate-suffix.ts'
import { table } from './generate-table.ts'
import { asInt32, toRegister } from './operand.ts'

/**
 * Evaluates an expression into a register. A register that holds a variable is written by the last
 * instruction only, since the expression may use the variable.
 */
export function value(f: FunctionState, node: Expression, register: number): void {
  switch (node.kind) {
    case 'Nil':
    case 'Boolean':
    case 'Integer':
    case 'String':
      constant(f, node, register)
      break
    case 'Name':
      name(f, node, register)
      break
    case 'Vararg':
      f.code.abc('VARARG', register, 0, 2, node.line)
      break
    case 'Function':
      f.code.abd('CLOSURE', register, 0, f.chunk.passes.inner(f, node.body), node.body.lastLine)
      break
    case 'Paren':
      toRegister(f, node.inner, register)
      break
    case 'Index':
    case 'Call':
    case 'MethodCall':
      suffixed(f, node, register)
      break
    case 'Table':
      table(f, node, register)
      break
    case 'Concat':
      concatenation(f, node, register)
      break
    case 'Logical':
      testValue(f, node, register)
      break
    case 'Unary':
      needsJumps(node) ? testValue(f, node, register) : unary(f, node, register)
      break
    case 'Binary':
      isComparison(node) ? testValue(f, node, register) : arithmetic(f, node, register)
      break
  }
}

function constant(f: FunctionState, node: Constant, register: number): void {
  const { code } = f
  switch (node.kind) {
    case 'Nil':
      code.abc('LOADNIL', register, 0, 0, node.line)
      break
    case 'Boolean':
      code.abc(node.value ? 'LOADTRUE' : 'LOADFALSE', register, 0, 0, node.line)
      break
    case 'Integer': {
      const small = asInt32(node)
      if (small !== undefined) code.abd('LOADI', register, 0, small, node.line)
      else code.abd('LOADK', register, 0, f.constant(node.value), node.line)
      break
    }
    case 'String':
      code.abd('LOADK', register, 0, f.constant(node.value), node.line)
  }
}

function name(f: FunctionState, node: NameExpression, register: number): void {
  const { reference, line } = node
  if (reference?.kind === 'local') {
    const source = f.registerOf(reference.variable)
    if (source !== register) f.code.abc('MOVE', register, source, 0, line)
  } else if (reference?.kind === 'upvalue') f.code.abc('GETUPVAL', register, reference.index, 0, line)
  else globalValue(f, node, register)
}

/** Evaluates a call or `...` to `count` values, or all of them, from `f.free` on. Takes no registers. */
export function values(f: FunctionState, node: Expression, count: number): void {
  f.descend()
  f.at = node
  if (node.kind === 'Call' || node.kind === 'MethodCall') callResults(f, node, count)
  else {
    f.code.abc('VARARG', f.free, 0, count + 1, node.line)
    f.touch(f.free + Math.max(count, count === OPEN ? 1 : 0))
  }
  f.ascend()
}
