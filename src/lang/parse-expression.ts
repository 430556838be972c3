/** Expressions: one function per production of the grammar. */

import type {
  AssignTarget,
  BinaryOperator,
  CallExpression,
  Expression,
  IndexExpression,
  LogicalExpression,
  MethodCallExpression,
  NameExpression,
  StringExpression,
  TableExpression,
  TableField,
  UnaryOperator,
} from './ast.ts'
import { bodyPosition, functionBody } from './parse-function.ts'
import type { Parser } from './parser.ts'
import type { TokenKind } from './tokens.ts'

const UNARY_PRIORITY = 12

/** Left and right priority: an operator whose right one is lower associates to the right. */
const PRIORITY: Partial<Record<TokenKind, readonly [number, number]>> = {
  or: [1, 1],
  and: [2, 2],
  '<': [3, 3],
  '>': [3, 3],
  '<=': [3, 3],
  '>=': [3, 3],
  '~=': [3, 3],
  '==': [3, 3],
  '|': [4, 4],
  '~': [5, 5],
  '&': [6, 6],
  '<<': [7, 7],
  '>>': [7, 7],
  '..': [9, 8],
  '+': [10, 10],
  '-': [10, 10],
  '*': [11, 11],
  '/': [11, 11],
  '//': [11, 11],
  '%': [11, 11],
  '^': [14, 13],
}

/** Priority of comparisons. */
const COMPARISON = 3

/** expr → subexpr */
export function expression(p: Parser): Expression {
  return subexpression(p, 0)
}

/** explist → expr { ',' expr } */
export function expressionList(p: Parser): Expression[] {
  const list = [expression(p)]
  while (p.accept(',')) list.push(expression(p))
  return list
}

/** subexpr → (simpleexp | unop subexpr) { binop subexpr }, where binop has a priority above `limit` */
function subexpression(p: Parser, limit: number): Expression {
  p.enter()
  let left = unary(p)
  for (;;) {
    const operator = p.kind
    const priority = PRIORITY[operator]
    if (priority === undefined || priority[0] <= limit) break
    if (operator === '..') left = concatenation(p, left)
    else if (operator === 'and' || operator === 'or') left = logical(p, operator, left, priority[1])
    else {
      const at = p.position
      p.advance()
      const right = subexpression(p, priority[1])
      // the reference notes for a comparison where its right operand ends
      const line = priority[0] === COMPARISON ? p.lexer.lastLine : at.line
      left = { kind: 'Binary', operator: operator as BinaryOperator, left, right, line, column: at.column }
    }
  }
  p.leave()
  return left
}

/** unop subexpr | simpleexp */
function unary(p: Parser): Expression {
  const operator = p.kind
  if (operator !== 'not' && operator !== '-' && operator !== '~' && operator !== '#') return simple(p)
  const at = p.position
  p.advance()
  const operand = subexpression(p, UNARY_PRIORITY)
  return { kind: 'Unary', operator: operator as UnaryOperator, operand, line: at.line, column: at.column }
}

/** The chain `left .. e .. e …`, which associates to the right, as one node. */
function concatenation(p: Parser, left: Expression): Expression {
  const operands = [left]
  let at = p.position
  while (p.kind === '..') {
    at = p.position
    p.advance()
    operands.push(subexpression(p, PRIORITY['..']![0]))
  }
  return { kind: 'Concat', operands, line: at.line, column: at.column }
}

function logical(p: Parser, operator: 'and' | 'or', left: Expression, limit: number): Expression {
  const at = p.position
  p.advance()
  const right = subexpression(p, limit)
  if (left.kind === 'Logical' && left.operator === operator) {
    left.operands.push(right)
    return left
  }
  return {
    kind: 'Logical',
    operator,
    operands: [left, right],
    line: at.line,
    column: at.column,
  } satisfies LogicalExpression
}

/** simpleexp → INTEGER | STRING | NIL | TRUE | FALSE | '...' | constructor | FUNCTION body | suffixedexp */
function simple(p: Parser): Expression {
  const { lexer } = p
  const at = p.position
  switch (p.kind) {
    case '<integer>': {
      const value = lexer.integer
      p.advance()
      return { kind: 'Integer', value, line: at.line, column: at.column }
    }
    case '<string>':
      return stringConstant(p)
    case 'nil':
      p.advance()
      return { kind: 'Nil', line: at.line, column: at.column }
    case 'true':
    case 'false': {
      const value = p.kind === 'true'
      p.advance()
      return { kind: 'Boolean', value, line: at.line, column: at.column }
    }
    case '...':
      if (!p.scope.vararg) p.report('varargOutside', {}, lexer.quote())
      p.advance()
      return { kind: 'Vararg', line: at.line, column: at.column }
    case '{':
      return tableConstructor(p)
    case 'function':
      p.advance()
      return {
        kind: 'Function',
        body: functionBody(p, bodyPosition(p, at), false),
        line: at.line,
        column: at.column,
      }
    default:
      return suffixed(p)
  }
}

function stringConstant(p: Parser): StringExpression {
  const { startLine: line, startColumn: column, string: value, cutOff } = p.lexer
  const node: StringExpression = { kind: 'String', value, line, column }
  p.advance()
  if (cutOff) p.giveUp()
  return node
}

/** A name as a string: the key of a field or the name of a method. */
export function nameConstant(p: Parser): StringExpression {
  const at = p.position
  return { kind: 'String', value: p.name(), line: at.line, column: at.column }
}

/** NAME as a variable */
export function singleVariable(p: Parser): NameExpression {
  const at = p.position
  return { kind: 'Name', name: p.name(), line: at.line, column: at.column }
}

/** fieldsel → '.' NAME */
export function fieldSelection(p: Parser, object: Expression): IndexExpression {
  const at = p.position
  p.advance()
  return { kind: 'Index', object, key: nameConstant(p), line: at.line, column: at.column }
}

/** primaryexp → NAME | '(' expr ')' */
function primary(p: Parser): Expression {
  if (p.kind === '<name>') return singleVariable(p)
  if (p.kind !== '(') p.fail('unexpectedSymbol', {})
  const at = p.position
  const { line } = p.lexer
  p.advance()
  const inner = expression(p)
  p.expectClosing(')', '(', line)
  return { kind: 'Paren', inner, line: at.line, column: at.column }
}

/** suffixedexp → primaryexp { '.' NAME | '[' expr ']' | ':' NAME funcargs | funcargs } */
export function suffixed(p: Parser): Expression {
  let node = primary(p)
  for (;;) {
    switch (p.kind) {
      case '.':
        node = fieldSelection(p, node)
        break
      case '[': {
        const at = p.position
        node = { kind: 'Index', object: node, key: bracketedKey(p), line: at.line, column: at.column }
        break
      }
      case ':': {
        p.advance()
        const method = p.name()
        const at = p.position
        node = {
          kind: 'MethodCall',
          object: node,
          method,
          arguments: callArguments(p),
          line: at.line,
          column: at.column,
        }
        break
      }
      case '(':
      case '<string>':
      case '{': {
        const at = p.position
        node = { kind: 'Call', callee: node, arguments: callArguments(p), line: at.line, column: at.column }
        break
      }
      default:
        return node
    }
  }
}

/** index → '[' expr ']' */
function bracketedKey(p: Parser): Expression {
  p.advance()
  const key = expression(p)
  p.expect(']')
  return key
}

/** funcargs → '(' [ explist ] ')' | constructor | STRING */
function callArguments(p: Parser): Expression[] {
  switch (p.kind) {
    case '<string>':
      return [stringConstant(p)]
    case '{':
      return [tableConstructor(p)]
    case '(': {
      const { line } = p.lexer
      p.advance()
      if (p.accept(')')) return []
      const list = expressionList(p)
      p.expectClosing(')', '(', line)
      return list
    }
    default:
      p.fail('expected', { what: 'function arguments' })
  }
}

/** constructor → '{' [ field { sep field } [ sep ] ] '}'   sep → ',' | ';' */
function tableConstructor(p: Parser): TableExpression {
  const at = p.position
  const { line } = p.lexer
  const fields: TableField[] = []
  p.advance()
  while (p.kind !== '}') {
    fields.push(field(p))
    if (!p.accept(',') && !p.accept(';')) break
  }
  p.expectClosing('}', '{', line)
  return { kind: 'Table', fields, line: at.line, column: at.column }
}

/** field → NAME '=' expr | '[' expr ']' '=' expr | expr */
function field(p: Parser): TableField {
  const at = p.position
  if (p.kind === '<name>' && p.lexer.peek() === '=') {
    const key = nameConstant(p)
    p.advance()
    return { key, value: expression(p), line: at.line, column: at.column }
  }
  if (p.kind !== '[') return { value: expression(p), line: at.line, column: at.column }
  const key = bracketedKey(p)
  p.expect('=')
  return { key, value: expression(p), line: at.line, column: at.column }
}

/** Whether values can be assigned to an expression. */
export function isAssignable(node: Expression): node is AssignTarget {
  return node.kind === 'Name' || node.kind === 'Index'
}

/** Whether an expression is a statement. */
export function isCall(node: Expression): node is CallExpression | MethodCallExpression {
  return node.kind === 'Call' || node.kind === 'MethodCall'
}
