/**
 * The parser's state and its primitive steps; second stage of the compiler. The grammar itself is in
 * parse-expression.ts, parse-function.ts and parse-statement.ts, one function per production.
 */

import type { Attribute, Block, LocalVariable, TokenPlace } from './ast.ts'
import type { DiagnosticArgs, DiagnosticKey } from './diagnostic-table.ts'
import type { Findings } from './diagnostics.ts'
import { Lexer } from './lexer.ts'
import type { Meter } from './meter.ts'
import type { Position, Source } from './source.ts'
import { quoteKind, type TokenKind } from './tokens.ts'

/** Nested statements and expressions, as LUAI_MAXCCALLS of the reference. */
export const MOST_LEVELS = 200
/** Local variables of a function, the hidden ones of loops included. */
export const MOST_LOCALS = 200

/** Thrown at a syntax error, which has been reported; caught where parsing can go on. */
export class SyntaxFault extends Error {}

/** Thrown where going on makes no sense: too deep, or too many findings. */
export class ParsingEnded extends Error {}

const FAULT = new SyntaxFault()
const ENDED = new ParsingEnded()

/** The function being parsed. */
interface FunctionScope {
  readonly outer: FunctionScope | undefined
  readonly line: number
  vararg: boolean
  /** Locals declared and not yet out of scope. */
  locals: number
  limitReported: boolean
}

/** What to go back to after a syntax error. */
export interface ParserMark {
  readonly level: number
  readonly scope: FunctionScope
  readonly locals: number
}

export class Parser {
  readonly lexer: Lexer
  readonly findings: Findings
  /** The production `block`, which expressions need for function bodies. */
  readonly block: (parser: Parser) => Block
  /** Syntax errors met so far, whether or not they were worth reporting. */
  faults = 0
  scope: FunctionScope
  private level = 0

  constructor(source: Source, findings: Findings, meter: Meter, block: (parser: Parser) => Block) {
    this.lexer = new Lexer(source, findings, meter)
    this.findings = findings
    this.block = block
    this.scope = { outer: undefined, line: 0, vararg: true, locals: 0, limitReported: false }
  }

  // ---- tokens ----

  get kind(): TokenKind {
    return this.lexer.kind
  }

  /** Position of the current token. */
  get position(): Position {
    return { line: this.lexer.startLine, column: this.lexer.startColumn }
  }

  get place(): TokenPlace {
    return { offset: this.lexer.start, line: this.lexer.line }
  }

  advance(): void {
    this.lexer.advance()
    if (this.findings.full) throw ENDED
  }

  /** Steps over a token of this kind, if it is one. */
  accept(kind: TokenKind): boolean {
    if (this.lexer.kind !== kind) return false
    this.advance()
    return true
  }

  /** The current token has to be of this kind. */
  check(kind: TokenKind): void {
    if (this.lexer.kind !== kind) this.fail('expected', { what: quoteKind(kind) })
  }

  expect(kind: TokenKind): void {
    this.check(kind)
    this.advance()
  }

  /** The token that closes what `opener` opened on line `line`. */
  expectClosing(kind: TokenKind, opener: TokenKind, line: number): void {
    if (this.lexer.kind === kind) this.advance()
    else this.failClosing(kind, opener, line)
  }

  private failClosing(kind: TokenKind, opener: TokenKind, line: number): never {
    const what = quoteKind(kind)
    if (line === this.lexer.line) this.fail('expected', { what })
    this.fail('expectedToClose', { what, opener: quoteKind(opener), line })
  }

  /** A name, which is stepped over. */
  name(): string {
    this.check('<name>')
    const name = this.lexer.string
    this.advance()
    return name
  }

  // ---- findings ----

  /**
   * Reports a syntax error at the current token and gives up the production. Of several on one line, and
   * of those at the end of a text that has been found wrong before, only the first is worth reporting.
   */
  fail<K extends DiagnosticKey>(key: K, args: DiagnosticArgs<K>): never {
    const { lexer } = this
    lexer.meter.fault()
    const follows = this.findings.onLine(lexer.startLine) || (this.faults > 0 && this.isAftermath())
    this.faults++
    if (!follows) this.report(key, args, lexer.quote())
    throw FAULT
  }

  /** Gives up the production, whose error has been reported. */
  giveUp(): never {
    this.lexer.meter.fault()
    this.faults++
    throw FAULT
  }

  /** Whether an error at the current token likely comes from one before it. */
  private isAftermath(): boolean {
    const { kind, first } = this.lexer
    return AFTERMATH.has(kind) && (first || kind === '<eof>')
  }

  /** Reports a finding at the current token. */
  report<K extends DiagnosticKey>(key: K, args: DiagnosticArgs<K>, near: string | undefined): void {
    const { lexer } = this
    const { line, column } = this.position
    const length = Math.max(1, lexer.line === line ? lexer.pos - lexer.start : 1)
    const reached = lexer.start
    this.findings.add(key, args, { line, column, length, near, referenceLine: lexer.line, reached })
  }

  // ---- limits ----

  /** Goes one level of nesting deeper; `leave` comes back. */
  enter(): void {
    if (++this.level <= MOST_LEVELS) return
    this.report('tooDeep', { limit: MOST_LEVELS }, this.lexer.quote())
    throw ENDED
  }

  leave(): void {
    this.level--
  }

  mark(): ParserMark {
    return { level: this.level, scope: this.scope, locals: this.scope.locals }
  }

  reset(mark: ParserMark): void {
    this.level = mark.level
    this.scope = mark.scope
    this.scope.locals = mark.locals
  }

  /** Declares a variable of the function being parsed; the current token is the one after its name. */
  declare(name: string, at: Position, attribute?: Attribute): LocalVariable {
    this.countLocals(1)
    return {
      name,
      line: at.line,
      column: at.column,
      attribute,
      captured: false,
      assigned: false,
      used: false,
    }
  }

  /** Counts variables, hidden ones too, against the limit. */
  countLocals(count: number): void {
    const { scope } = this
    scope.locals += count
    if (scope.locals <= MOST_LOCALS || scope.limitReported) return
    scope.limitReported = true
    const where = scope.line === 0 ? 'main function' : `function at line ${scope.line}`
    this.report('limit', { what: 'local variables', limit: MOST_LOCALS, where }, this.lexer.quote())
  }

  openFunction(line: number): void {
    this.scope = { outer: this.scope, line, vararg: false, locals: 0, limitReported: false }
  }

  closeFunction(): void {
    this.scope = this.scope.outer!
  }
}

/** What a statement that was given up leaves behind, at the start of a line. */
const AFTERMATH: ReadonlySet<TokenKind> = new Set<TokenKind>([')', '}', ']', ',', '<eof>'])
