/** Function bodies: their parameters and block. */

import type { FunctionBody, LocalVariable } from './ast.ts'
import { closeBlock, recoverInLine } from './parse-recovery.ts'
import type { Parser } from './parser.ts'
import type { Position } from './source.ts'

/** Where a local function or one without a name begins: on the line of its parenthesis, as in the reference. */
export function bodyPosition(p: Parser, at: Position): Position {
  return p.position.line === at.line ? at : p.position
}

/** body → '(' parlist ')' block END; `at` is where the function begins. */
export function functionBody(p: Parser, at: Position, method: boolean): FunctionBody {
  p.openFunction(at.line)
  const parameters: LocalVariable[] = []
  if (method) parameters.push(p.declare('self', at))
  recoverInLine(p, ')', () => {
    p.expect('(')
    parameterList(p, parameters)
    p.expect(')')
  })
  const { vararg } = p.scope
  const block = p.block(p)
  const lastLine = p.lexer.line
  closeBlock(p, 'end', 'function', at.line)
  p.closeFunction()
  return {
    parameters,
    vararg,
    block,
    lastLine,
    next: p.place,
    upvalues: [],
    line: at.line,
    column: at.column,
  }
}

/** parlist → [ NAME { ',' NAME } [ ',' '...' ] | '...' ] */
function parameterList(p: Parser, parameters: LocalVariable[]): void {
  if (p.kind === ')') return
  do {
    if (p.kind === '<name>') {
      const at = p.position
      parameters.push(p.declare(p.name(), at))
    } else if (p.kind === '...') {
      p.advance()
      p.scope.vararg = true
    } else p.fail('expected', { what: "<name> or '...'" })
  } while (!p.scope.vararg && p.accept(','))
}
