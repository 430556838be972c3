/** Statements and blocks: one function per production of the grammar. */

import type {
  AssignStatement,
  AssignTarget,
  Attribute,
  Block,
  Expression,
  FunctionStatement,
  IfClause,
  LabelStatement,
  LocalStatement,
  LocalVariable,
  Statement,
} from './ast.ts'
import {
  expression,
  expressionList,
  fieldSelection,
  isAssignable,
  isCall,
  singleVariable,
  suffixed,
} from './parse-expression.ts'
import { bodyPosition, functionBody } from './parse-function.ts'
import { closeBlock, endsBlock, recoverInLine, skipInLine, skipStatement } from './parse-recovery.ts'
import { type Parser, SyntaxFault } from './parser.ts'
import type { Position } from './source.ts'

/** block → { stat [ ';' ] } */
export function block(p: Parser): Block {
  const { scope } = p
  const { locals } = scope
  const statements: Statement[] = []
  let labels: LabelStatement[] = []
  while (!endsBlock(p.kind)) {
    if (p.kind !== ';' && p.kind !== '::') labels = settle(p, labels)
    const returns = p.kind === 'return'
    const node = recovering(p)
    if (node !== undefined) statements.push(node)
    if (node?.kind === 'Label') labels.push(node)
    if (returns) break
  }
  settle(p, labels)
  scope.locals = locals
  return { statements, lastLine: p.lexer.lastLine }
}

/** Tells labels what follows them: the current token. */
function settle(p: Parser, labels: LabelStatement[]): LabelStatement[] {
  if (labels.length === 0) return labels
  const last = endsBlock(p.kind) && p.kind !== 'until'
  for (const label of labels) {
    label.next = p.place
    label.last = last
  }
  return []
}

/** A statement; after a syntax error, undefined, at the start of the next one. */
function recovering(p: Parser): Statement | undefined {
  const at = p.position
  p.findings.at = at
  const { start } = p.lexer
  const mark = p.mark()
  try {
    return statement(p, at)
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error
    const { locals } = mark.scope
    p.reset(mark)
    mark.scope.locals = locals
    skipStatement(p, at, start)
    return undefined
  }
}

/** stat → ';' | ifstat | whilestat | DO block END | forstat | repeatstat | … | exprstat */
function statement(p: Parser, at: Position): Statement | undefined {
  p.enter()
  const node = parseStatement(p, at)
  p.leave()
  return node
}

function parseStatement(p: Parser, at: Position): Statement | undefined {
  const { line } = p.lexer
  switch (p.kind) {
    case ';':
      p.advance()
      return undefined
    case 'if':
      return ifStatement(p, at)
    case 'while':
      return whileStatement(p, at)
    case 'do': {
      p.advance()
      const body = block(p)
      closeBlock(p, 'end', 'do', line)
      return { kind: 'Do', body, line: at.line, column: at.column }
    }
    case 'for':
      return forStatement(p, at)
    case 'repeat':
      return repeatStatement(p, at)
    case 'function':
      return functionStatement(p, at)
    case 'local':
      p.advance()
      return p.accept('function') ? localFunction(p, at) : localStatement(p, at)
    case '::':
      return label(p, at)
    case 'return':
      return returnStatement(p, at)
    case 'break':
      p.advance()
      return { kind: 'Break', line: at.line, column: at.column }
    case 'goto': {
      p.advance()
      const named = p.position // whose line is that of the jump
      const { line, column } = named.line === at.line ? at : named
      return { kind: 'Goto', label: p.name(), line, column }
    }
    default:
      return expressionStatement(p, at)
  }
}

/** A condition and the word after it; a failed one is taken as nil. */
function condition(p: Parser, closer: 'then' | 'do'): Expression {
  let node: Expression = { kind: 'Nil', ...p.position }
  recoverInLine(p, closer, () => {
    node = expression(p)
    p.expect(closer)
  })
  return node
}

/** ifstat → IF expr THEN block { ELSEIF expr THEN block } [ ELSE block ] END */
function ifStatement(p: Parser, at: Position): Statement {
  const clauses: IfClause[] = []
  do {
    const position = p.position
    p.advance()
    const node = condition(p, 'then')
    const thenLine = p.lexer.lastLine
    clauses.push({ condition: node, thenLine, body: block(p), line: position.line, column: position.column })
  } while (p.kind === 'elseif')
  const otherwise = p.accept('else') ? block(p) : undefined
  closeBlock(p, 'end', 'if', at.line)
  return { kind: 'If', clauses, otherwise, line: at.line, column: at.column }
}

/** whilestat → WHILE expr DO block END */
function whileStatement(p: Parser, at: Position): Statement {
  p.advance()
  const node = condition(p, 'do')
  const body = block(p)
  closeBlock(p, 'end', 'while', at.line)
  return { kind: 'While', condition: node, body, line: at.line, column: at.column }
}

/** repeatstat → REPEAT block UNTIL expr */
function repeatStatement(p: Parser, at: Position): Statement {
  p.advance()
  const body = block(p)
  closeBlock(p, 'until', 'repeat', at.line)
  return { kind: 'Repeat', body, condition: expression(p), line: at.line, column: at.column }
}

/** forstat → FOR (fornum | forlist) DO block END */
function forStatement(p: Parser, at: Position): Statement {
  const { locals } = p.scope
  const names: LocalVariable[] = []
  let values: Expression[] = []
  let numeric = false
  let callLine = at.line
  let bodyLine = at.line
  p.advance()
  recoverInLine(p, 'do', () => {
    const position = p.position
    const name = p.name()
    numeric = p.kind === '='
    if (!numeric && p.kind !== ',' && p.kind !== 'in') p.fail('expected', { what: "'=' or 'in'" })
    p.countLocals(numeric ? 3 : 4)
    names.push(p.declare(name, position))
    if (!numeric) moreNames(p, names)
    p.advance()
    callLine = p.lexer.line
    values = numeric ? numericHead(p) : expressionList(p)
    p.expect('do')
    bodyLine = p.lexer.lastLine
  })
  const body = block(p)
  closeBlock(p, 'end', 'for', at.line)
  p.scope.locals = locals
  const [start, limit, step] = values
  if (numeric && start && limit) {
    return {
      kind: 'NumericFor',
      variable: names[0]!,
      start,
      limit,
      step,
      body,
      bodyLine,
      line: at.line,
      column: at.column,
    }
  }
  return {
    kind: 'GenericFor',
    variables: names,
    values,
    body,
    callLine,
    bodyLine,
    line: at.line,
    column: at.column,
  }
}

/** fornum → NAME '=' expr ',' expr [ ',' expr ], from the first expression on */
function numericHead(p: Parser): Expression[] {
  const values = [expression(p)]
  p.expect(',')
  values.push(expression(p))
  if (p.accept(',')) values.push(expression(p))
  return values
}

/** forlist → NAME { ',' NAME } IN explist, up to IN */
function moreNames(p: Parser, names: LocalVariable[]): void {
  while (p.accept(',')) {
    const at = p.position
    names.push(p.declare(p.name(), at))
  }
  p.check('in')
}

/** funcstat → FUNCTION funcname body   funcname → NAME { fieldsel } [ ':' NAME ] */
function functionStatement(p: Parser, at: Position): FunctionStatement {
  const mark = p.mark()
  let target: AssignTarget = { kind: 'Name', name: '?', line: at.line, column: at.column }
  let method = false
  p.advance()
  try {
    target = singleVariable(p)
    while (p.kind === '.') target = fieldSelection(p, target)
    method = p.kind === ':'
    if (method) target = fieldSelection(p, target)
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error
    p.reset(mark)
    skipInLine(p, '(')
  }
  return {
    kind: 'FunctionStatement',
    target,
    body: functionBody(p, at, method),
    line: at.line,
    column: at.column,
  }
}

/** localfunc → LOCAL FUNCTION NAME body */
function localFunction(p: Parser, at: Position): Statement {
  const position = p.position
  const variable = p.declare(p.name(), position)
  return {
    kind: 'LocalFunction',
    variable,
    body: functionBody(p, bodyPosition(p, at), false),
    line: at.line,
    column: at.column,
  }
}

/** localstat → LOCAL NAME attrib { ',' NAME attrib } [ '=' explist ] */
function localStatement(p: Parser, at: Position): LocalStatement {
  const variables: LocalVariable[] = []
  do {
    const position = p.position
    const name = p.name()
    p.countLocals(1)
    const mark = attribute(p)
    if (mark === 'close' && variables.some((v) => v.attribute === 'close')) {
      p.report('manyToBeClosed', {}, undefined)
    }
    variables.push({
      name,
      line: position.line,
      column: position.column,
      attribute: mark,
      captured: false,
      assigned: false,
      used: false,
    })
  } while (p.accept(','))
  const values = p.accept('=') ? expressionList(p) : []
  return { kind: 'Local', variables, values, lastLine: p.lexer.lastLine, line: at.line, column: at.column }
}

/** attrib → [ '<' NAME '>' ] */
function attribute(p: Parser): Attribute | undefined {
  if (!p.accept('<')) return undefined
  const name = p.name()
  p.expect('>')
  if (name === 'const' || name === 'close') return name
  p.report('unknownAttribute', { name }, undefined)
  return undefined
}

/** label → '::' NAME '::' */
function label(p: Parser, at: Position): LabelStatement {
  p.advance()
  const name = p.name()
  p.expect('::')
  return { kind: 'Label', name, next: p.place, last: false, line: at.line, column: at.column }
}

/** retstat → RETURN [ explist ] [ ';' ] */
function returnStatement(p: Parser, at: Position): Statement {
  p.advance()
  const values = endsBlock(p.kind) || p.kind === ';' ? [] : expressionList(p)
  p.accept(';')
  return { kind: 'Return', values, line: at.line, column: at.column }
}

/** exprstat → call | restassign */
function expressionStatement(p: Parser, at: Position): Statement {
  const node = suffixed(p)
  if (p.kind === '=' || p.kind === ',') return assignment(p, node, at)
  if (!isCall(node)) p.fail('syntaxError', {})
  return { kind: 'CallStatement', call: node, line: at.line, column: at.column }
}

/** restassign → ',' suffixedexp restassign | '=' explist */
function assignment(p: Parser, first: Expression, at: Position): AssignStatement {
  const targets = [target(p, first)]
  while (p.accept(',')) targets.push(target(p, suffixed(p)))
  p.expect('=')
  const values = expressionList(p)
  return { kind: 'Assign', targets, values, lastLine: p.lexer.lastLine, line: at.line, column: at.column }
}

function target(p: Parser, node: Expression): AssignTarget {
  return isAssignable(node) ? node : p.fail('syntaxError', {})
}
