/** Loops. Their conditions are at the bottom, so that an iteration costs one jump. */

import type {
  Block,
  Expression,
  GenericForStatement,
  NumericForStatement,
  RepeatStatement,
  WhileStatement,
} from './ast.ts'
import { NAME_KIND } from './code-buffer.ts'
import { isConstant, isTruthy } from './fold.ts'
import type { FunctionState } from './function-state.ts'
import { activateAll, adjusted } from './generate-assign.ts'
import { toNext } from './operand.ts'

type Statements = (f: FunctionState, block: Block) => void

/** while: jump to the condition; body; the condition jumps back. */
export function whileStatement(f: FunctionState, node: WhileStatement, statements: Statements): void {
  const { code } = f
  const { condition, body } = node
  const line = body.lastLine
  const loop = f.enterLoop()
  const endless = isConstant(condition) && isTruthy(condition)
  const entry = endless ? [] : [code.jump('JMP', 0, 0, firstLine(condition))]
  const start = code.mark()
  f.enter(body)
  statements(f, body)
  f.leave(line)
  code.patchHere(entry)
  if (!endless) code.patch(f.chunk.passes.jump(f, condition, true), start)
  else if (code.reachable) code.patch([code.jump('JMP', 0, 0, line)], start)
  f.leave(line)
  code.patchHere(loop.breaks!)
}

/** The line on which an expression begins. */
function firstLine(node: Expression): number {
  for (let at = node; ; ) {
    if (at.kind === 'Binary') at = at.left
    else if (at.kind === 'Logical' || at.kind === 'Concat') at = at.operands[0]!
    else if (at.kind === 'Unary') at = at.operand
    else if (at.kind === 'Index' || at.kind === 'MethodCall') at = at.object
    else if (at.kind === 'Call') at = at.callee
    else return at.line
  }
}

/** repeat: the condition belongs to the scope of the body. */
export function repeatStatement(f: FunctionState, node: RepeatStatement, statements: Statements): void {
  const { code } = f
  const { condition, body } = node
  const { line } = condition
  const loop = f.enterLoop()
  const start = code.mark()
  f.enter(body)
  statements(f, body)
  const close = f.closeFrom(f.scopes.at(-1)!.outside)
  if (close === undefined) code.patch(f.chunk.passes.jump(f, condition, false), start)
  else {
    const exits = f.chunk.passes.jump(f, condition, true)
    code.abc('CLOSE', close, 0, 0, line)
    code.patch([code.jump('JMP', 0, 0, line)], start)
    code.patchHere(exits)
  }
  f.leave(line)
  f.leave(line)
  code.patchHere(loop.breaks!)
}

/** for i = start, limit, step */
export function numericFor(f: FunctionState, node: NumericForStatement, statements: Statements): void {
  const { code } = f
  const { line, body, bodyLine } = node
  const base = toNext(f, node.start)
  toNext(f, node.limit)
  toNext(f, node.step ?? { ...node.limit, kind: 'Integer', value: 1n })
  const loop = f.enterLoop()
  f.activateHidden(base, base + 2, false)
  const prepare = code.jump('FORPREP', base, 0, bodyLine)
  const start = code.mark()
  f.enter(body)
  f.activate(node.variable, f.reserve(1))
  statements(f, body)
  f.leave(body.lastLine)
  code.patch([code.jump('FORLOOP', base, 0, line)], start)
  code.patch([prepare], code.mark())
  f.leave(line)
  code.patchHere(loop.breaks!)
}

/** Registers that the call of the iterator needs, from the loop's first on. */
const GENERIC_FRAME = 8

/** for a, b in … : iterator, state, control and closing value are hidden variables. */
export function genericFor(f: FunctionState, node: GenericForStatement, statements: Statements): void {
  const { code } = f
  const { line, body, variables, callLine, bodyLine } = node
  const base = adjusted(f, node.values, 4, callLine)
  const loop = f.enterLoop(true)
  f.activateHidden(base, base + 3, true)
  const prepare = code.jump('TFORPREP', base, 0, bodyLine)
  const start = code.mark()
  f.enter(body)
  const first = f.reserve(variables.length)
  f.touch(base + GENERIC_FRAME)
  activateAll(f, variables, first)
  statements(f, body)
  f.leave(body.lastLine)
  code.patchHere([prepare])
  const call = code.abc('TFORCALL', base, 0, variables.length, callLine)
  code.name(call, 0, NAME_KIND.iterator, f.name('for iterator'))
  code.patch([code.jump('TFORLOOP', base, 0, callLine)], start)
  code.patchHere(loop.breaks!)
  f.leave(line)
}
