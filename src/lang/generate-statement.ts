/** Statements and blocks. */

import type { Block, IfStatement, LocalFunctionStatement, ReturnStatement, Statement } from './ast.ts'
import { isOpen } from './fold.ts'
import type { FunctionState } from './function-state.ts'
import { assignStatement, functionStatement, localStatement } from './generate-assign.ts'
import { directJump, type JumpStatement, jumpStatement, labelStatement } from './generate-jump.ts'
import { genericFor, numericFor, repeatStatement, whileStatement } from './generate-loop.ts'
import { callResults, makeTailCall, OPEN, valueList } from './generate-suffix.ts'
import { toAny } from './operand.ts'

/** The statements of a block whose scope is open. */
export function statements(f: FunctionState, block: Block): void {
  for (const node of block.statements) {
    f.at = node
    f.chunk.findings.at = node
    statement(f, node)
  }
}

function scopedBlock(f: FunctionState, block: Block): void {
  f.enter(block)
  statements(f, block)
  f.leave(block.lastLine)
}

function statement(f: FunctionState, node: Statement): void {
  switch (node.kind) {
    case 'Local':
      localStatement(f, node)
      break
    case 'Assign':
      assignStatement(f, node)
      break
    case 'CallStatement':
      callResults(f, node.call, 0)
      break
    case 'Do':
      scopedBlock(f, node.body)
      break
    case 'While':
      whileStatement(f, node, statements)
      break
    case 'Repeat':
      repeatStatement(f, node, statements)
      break
    case 'If':
      ifStatement(f, node)
      break
    case 'NumericFor':
      numericFor(f, node, statements)
      break
    case 'GenericFor':
      genericFor(f, node, statements)
      break
    case 'FunctionStatement':
      functionStatement(f, node)
      break
    case 'LocalFunction':
      localFunction(f, node)
      break
    case 'Return':
      returnStatement(f, node)
      break
    case 'Break':
    case 'Goto':
      jumpStatement(f, node)
      break
    case 'Label':
      labelStatement(f, node)
      break
  }
}

/** The variable is in scope in the body, and for a debugger once it has its value. */
function localFunction(f: FunctionState, { variable, body }: LocalFunctionStatement): void {
  const register = f.reserve(1)
  const local = f.activate(variable, register)
  f.code.abd('CLOSURE', register, 0, f.chunk.passes.inner(f, body), body.lastLine)
  local.start = f.code.here
}

function ifStatement(f: FunctionState, { clauses, otherwise }: IfStatement): void {
  const { code } = f
  const ends: number[] = []
  clauses.forEach(({ condition, thenLine, body }, i) => {
    const jump = soleJump(body)
    const take = jump && directJump(f, jump)
    if (take) {
      take(f.chunk.passes.jump(f, condition, true, thenLine))
      return
    }
    const skips = f.chunk.passes.jump(f, condition, false, thenLine)
    scopedBlock(f, body)
    const last = i === clauses.length - 1 && otherwise === undefined
    if (!last && code.reachable) ends.push(code.jump('JMP', 0, 0, body.lastLine))
    code.patchHere(skips)
  })
  if (otherwise) scopedBlock(f, otherwise)
  code.patchHere(ends)
}

/** The goto or break that is all of a block. */
function soleJump({ statements: [only, ...others] }: Block): JumpStatement | undefined {
  if (others.length > 0) return undefined
  return only?.kind === 'Break' || only?.kind === 'Goto' ? only : undefined
}

function returnStatement(f: FunctionState, { values, line }: ReturnStatement): void {
  const mark = f.free
  const [only, ...others] = values
  if (only === undefined) emitReturn(f, 0, 0, line)
  else if (others.length > 0 || isOpen(only)) returnList(f, values, line)
  else emitReturn(f, toAny(f, only), 1, line)
  f.free = mark
}

function returnList(f: FunctionState, values: ReturnStatement['values'], line: number): void {
  const first = f.free
  const [only] = values
  const count = valueList(f, values)
  const isCall = only?.kind === 'Call' || only?.kind === 'MethodCall'
  if (values.length === 1 && isCall && !f.hasToBeClosed) makeTailCall(f, only)
  else emitReturn(f, first, count, line)
}

/** Returns `count` values, or an open list, from `first` on. */
export function emitReturn(f: FunctionState, first: number, count: number, line: number): void {
  const { code } = f
  const plain = !f.body.vararg && !f.closes
  if (plain && count === 0) code.abc('RETURN0', 0, 0, 0, line)
  else if (plain && count === 1) code.abc('RETURN1', first, 0, 0, line)
  else code.abc('RETURN', count === 0 ? 0 : first, count === OPEN ? 0 : count + 1, f.closes ? 1 : 0, line)
}
