/**
 * The resolver's expressions. Each method returns the node to put in place of the given one. Operators
 * and suffixes lean left; their spine is followed in a loop, so that long chains need no deep recursion.
 */

import type {
  AssignTarget,
  BinaryExpression,
  CallExpression,
  Expression,
  FunctionBody,
  IndexExpression,
  LocalVariable,
  LogicalExpression,
  MethodCallExpression,
  NameExpression,
  TokenPlace,
} from './ast.ts'
import { Findings } from './diagnostics.ts'
import { exitsOfChain } from './exits.ts'
import { foldBinary, foldLogical, foldUnary, isConstant, isOpen } from './fold.ts'
import { Lexer } from './lexer.ts'
import { type FunctionScope, MOST_UPVALUES, type Scopes } from './scope.ts'
import { Lines, type Source } from './source.ts'

type Suffixed = IndexExpression | CallExpression | MethodCallExpression

export class ExpressionResolver {
  private readonly source: Source
  private readonly findings: Findings
  private readonly scopes: Scopes
  private readonly innerFunction: (body: FunctionBody) => void
  private readonly lines: Lines
  private readonly tooManyUpvalues = new Set<FunctionScope>()

  constructor(
    source: Source,
    findings: Findings,
    scopes: Scopes,
    innerFunction: (body: FunctionBody) => void,
  ) {
    this.source = source
    this.lines = new Lines(source.text)
    this.findings = findings
    this.scopes = scopes
    this.innerFunction = innerFunction
  }

  /** Resolves the expressions of a list in place. */
  list(nodes: Expression[]): void {
    for (let i = 0; i < nodes.length; i++) nodes[i] = this.resolve(nodes[i]!)
  }

  resolve(node: Expression): Expression {
    switch (node.kind) {
      case 'Name':
        return this.name(node)
      case 'Index':
      case 'Call':
      case 'MethodCall':
        return this.suffixes(node)
      case 'Binary':
        return this.operators(node)
      case 'Unary':
        node.operand = this.resolve(node.operand)
        return foldUnary(node)
      case 'Logical':
        this.list(node.operands)
        return this.chain(node)
      case 'Concat':
        this.list(node.operands)
        return node
      case 'Paren': {
        node.inner = this.resolve(node.inner)
        return isOpen(node.inner) ? node : node.inner
      }
      case 'Function':
        this.innerFunction(node.body)
        return node
      case 'Table':
        for (const field of node.fields) {
          if (field.key) field.key = this.resolve(field.key)
          field.value = this.resolve(field.value)
        }
        return node
      default:
        return node
    }
  }

  private chain(node: LogicalExpression): Expression {
    const exits = exitsOfChain(node)
    return { ...foldLogical(node), exits }
  }

  private name(node: NameExpression): Expression {
    const variable = this.scopes.find(node.name)
    if (variable !== undefined) variable.used = true
    const constant = variable?.constant
    if (constant !== undefined) return { ...constant, line: node.line, column: node.column }
    node.reference = this.scopes.resolve(node.name)
    this.checkUpvalues(node)
    return node
  }

  private suffixes(top: Suffixed): Expression {
    const spine: Suffixed[] = []
    let base: Expression = top
    while (base.kind === 'Index' || base.kind === 'Call' || base.kind === 'MethodCall') {
      spine.push(base)
      base = base.kind === 'Call' ? base.callee : base.object
    }
    let left = this.resolve(base)
    for (let node = spine.pop(); node !== undefined; node = spine.pop()) {
      if (node.kind === 'Call') node.callee = left
      else node.object = left
      if (node.kind === 'Index') node.key = this.resolve(node.key)
      else this.list(node.arguments)
      left = node
    }
    return top
  }

  private operators(top: BinaryExpression): Expression {
    const spine: BinaryExpression[] = []
    let base: Expression = top
    while (base.kind === 'Binary') {
      spine.push(base)
      base = base.left
    }
    let left = this.resolve(base)
    for (let node = spine.pop(); node !== undefined; node = spine.pop()) {
      node.left = left
      node.right = this.resolve(node.right)
      left = foldBinary(node)
    }
    return left
  }

  /** A variable or field that is assigned to. */
  target(node: AssignTarget): void {
    if (node.kind === 'Index') {
      this.resolve(node)
      return
    }
    const variable = this.scopes.find(node.name)
    if (variable?.attribute !== undefined) {
      const { line } = this.tokenAfter(node)
      this.reportConstant(node, { offset: this.offsetAfter(node), line })
    }
    this.assign(node, variable)
  }

  /** The target of a function statement; a constant one is found out after the body, before `next`. */
  functionTarget(node: AssignTarget, next: TokenPlace, body: () => void): void {
    if (node.kind === 'Index') {
      this.resolve(node)
      body()
      return
    }
    const variable = this.scopes.find(node.name)
    this.assign(node, variable)
    body()
    if (variable?.attribute !== undefined) this.reportConstant(node, next)
  }

  private assign(node: NameExpression, variable: LocalVariable | undefined): void {
    if (variable !== undefined) variable.assigned = true
    if (variable?.constant !== undefined) return
    node.reference = this.scopes.resolve(node.name)
    this.checkUpvalues(node)
  }

  private reportConstant(node: NameExpression, { offset, line }: TokenPlace): void {
    this.findings.add(
      'assignToConst',
      { name: node.name },
      {
        line: node.line,
        column: node.column,
        length: node.name.length,
        referenceLine: line,
        reached: offset,
      },
    )
  }

  /** Makes a compile-time constant of a `<const>` variable whose value is known: the last one of a statement. */
  takeConstant(variable: LocalVariable, value: Expression): void {
    const jumps = value.exits?.true || value.exits?.false
    if (variable.attribute === 'const' && isConstant(value) && !jumps) variable.constant = value
  }

  /** Reports, once for each function, that the upvalue for a name was one too many. */
  private checkUpvalues(node: NameExpression): void {
    if (!this.scopes.overfull) return
    let outermost: FunctionScope | undefined
    for (let f: FunctionScope | undefined = this.scopes.current; f !== undefined; f = f.outer) {
      if (f.body.upvalues.length <= MOST_UPVALUES || this.tooManyUpvalues.has(f)) continue
      this.tooManyUpvalues.add(f)
      outermost = f
    }
    if (outermost === undefined) return
    const token = this.tokenAfter(node)
    this.findings.add(
      'limit',
      { what: 'upvalues', limit: MOST_UPVALUES, where: `function at line ${outermost.body.line}` },
      {
        line: node.line,
        column: node.column,
        length: node.name.length,
        near: token.quote(),
        referenceLine: token.line,
        reached: this.offsetAfter(node),
      },
    )
  }

  private offsetAfter(node: NameExpression): number {
    return this.lines.offset(node.line) + node.column - 1 + node.name.length
  }

  /** The token after a name: the one that the reference has reached when it resolves the name. */
  private tokenAfter(node: NameExpression): Lexer {
    const lexer = new Lexer(this.source, new Findings(this.source))
    lexer.pos = this.offsetAfter(node)
    lexer.line = node.line
    lexer.lineStart = this.lines.offset(node.line)
    lexer.advance()
    return lexer
  }
}
