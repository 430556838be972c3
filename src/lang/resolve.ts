/**
 * The resolver, third stage of the compiler: completes the syntax tree in place. Names become references
 * to locals, upvalues and globals; `<const>` variables with known values and operators on constants
 * become constants; gotos find their labels. What breaks the rules of scopes is reported.
 */

import type { Block, FunctionBody, LabelStatement, LocalVariable, Statement, TokenPlace } from './ast.ts'
import type { Findings } from './diagnostics.ts'
import type { LabelFault } from './labels.ts'
import type { Meter } from './meter.ts'
import type { Parsed } from './parse.ts'
import { ExpressionResolver } from './resolve-expression.ts'
import { FunctionScope, Scopes } from './scope.ts'
import type { Source } from './source.ts'

/** Resolves every name of a parsed chunk. */
export function resolve(source: Source, parsed: Parsed, findings: Findings, meter: Meter): void {
  const scopes = new Scopes(parsed.main, meter)
  new Resolver(source, parsed.whole, findings, scopes).functionBody(parsed.main)
}

class Resolver {
  private readonly findings: Findings
  private readonly scopes: Scopes
  private readonly expressions: ExpressionResolver
  /** Offset from which on the tree may have gaps. Jumps without a target are not reported there: it may be in a gap. */
  private readonly gap: number

  constructor(source: Source, whole: boolean, findings: Findings, scopes: Scopes) {
    this.findings = findings
    this.gap = whole ? Number.POSITIVE_INFINITY : findings.first
    this.scopes = scopes
    this.expressions = new ExpressionResolver(source, findings, scopes, (body) => this.innerFunction(body))
  }

  private innerFunction(body: FunctionBody): void {
    this.scopes.current = new FunctionScope(body, this.scopes.current, this.scopes.meter)
    this.functionBody(body)
    this.scopes.current = this.scopes.current.outer!
  }

  functionBody(body: FunctionBody): void {
    const { labels } = this.scopes.current
    labels.enter(0, false)
    for (const parameter of body.parameters) this.scopes.declare(parameter)
    this.statements(body.block)
    this.scopes.forget(0)
    for (const fault of labels.leave()) this.reportFault(fault, body.next)
  }

  /** A block with its scope; `rest` is what still belongs to the scope after the statements. */
  private block(
    block: Block,
    loop = false,
    variables: readonly LocalVariable[] = [],
    rest?: () => void,
  ): void {
    const { current } = this.scopes
    const before = current.active.length
    current.labels.enter(before, loop)
    for (const variable of variables) this.scopes.declare(variable)
    this.statements(block)
    rest?.()
    this.scopes.forget(before)
    current.labels.leave()
  }

  private statements({ statements }: Block): void {
    for (let i = 0; i < statements.length && !this.findings.full; i++) {
      const statement = statements[i]!
      if (statement.kind === 'Label') i = this.labels(statements, i)
      else this.statement(statement)
    }
  }

  /** A run of labels, from the last to the first as the reference reads them; returns where it ends. */
  private labels(statements: readonly Statement[], first: number): number {
    let end = first
    while (statements[end + 1]?.kind === 'Label') end++
    const { labels, active } = this.scopes.current
    for (let i = end; i >= first; i--) {
      const label = statements[i] as LabelStatement
      for (const fault of labels.define(label, active)) this.reportFault(fault, label.next)
    }
    return end
  }

  private statement(node: Statement): void {
    const { expressions, scopes } = this
    this.findings.at = node
    switch (node.kind) {
      case 'Local':
        expressions.list(node.values)
        if (node.variables.length === node.values.length)
          expressions.takeConstant(node.variables.at(-1)!, node.values.at(-1)!)
        for (const variable of node.variables) scopes.declare(variable)
        break
      case 'Assign':
        for (const target of node.targets) expressions.target(target)
        expressions.list(node.values)
        break
      case 'CallStatement':
        expressions.resolve(node.call)
        break
      case 'Do':
        this.block(node.body)
        break
      case 'While':
        node.condition = expressions.resolve(node.condition)
        this.block(node.body, true)
        break
      case 'Repeat':
        this.block(node.body, true, [], () => {
          node.condition = expressions.resolve(node.condition)
        })
        break
      case 'If':
        for (const clause of node.clauses) {
          clause.condition = expressions.resolve(clause.condition)
          this.block(clause.body)
        }
        if (node.otherwise) this.block(node.otherwise)
        break
      case 'NumericFor':
        node.start = expressions.resolve(node.start)
        node.limit = expressions.resolve(node.limit)
        if (node.step) node.step = expressions.resolve(node.step)
        this.block(node.body, true, [node.variable])
        break
      case 'GenericFor':
        expressions.list(node.values)
        this.block(node.body, true, node.variables)
        break
      case 'FunctionStatement':
        expressions.functionTarget(node.target, node.body.next, () => this.innerFunction(node.body))
        break
      case 'LocalFunction':
        scopes.declare(node.variable)
        this.innerFunction(node.body)
        break
      case 'Return':
        expressions.list(node.values)
        break
      case 'Break':
      case 'Goto':
        scopes.current.labels.jump(node, scopes.current.active.length)
        break
      case 'Label':
        break
    }
  }

  private reportFault(fault: LabelFault, { offset, line }: TokenPlace): void {
    const at = fault.kind === 'twice' ? fault.label : fault.jump
    const finding = { line: at.line, column: at.column, referenceLine: line, reached: offset }
    switch (fault.kind) {
      case 'twice': {
        const { name } = fault.label
        const args = { name, line: fault.earlier.line }
        this.findings.add('labelTwice', args, { ...finding, length: name.length + '::::'.length })
        break
      }
      case 'intoScope': {
        const args = { name: fault.jump.label, line: at.line, local: fault.local.name }
        this.findings.add('jumpIntoScope', args, { ...finding, length: 'goto'.length })
        break
      }
      case 'noLabel': {
        const args = { name: fault.jump.label, line: at.line }
        if (offset <= this.gap) this.findings.add('noLabel', args, { ...finding, length: 'goto'.length })
        break
      }
      case 'noLoop':
        if (offset > this.gap) break
        this.findings.add('breakOutsideLoop', { line: at.line }, { ...finding, length: 'break'.length })
    }
  }
}
