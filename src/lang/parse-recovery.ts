/**
 * Error recovery: after a syntax error, which tokens to skip so that the parser goes on where the next
 * thing starts, and reports what is wrong there without reporting the same mistake again.
 */

import { type Parser, SyntaxFault } from './parser.ts'
import type { Position } from './source.ts'
import type { TokenKind } from './tokens.ts'

/** Words that can only begin a statement. */
const STATEMENT_WORDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...(['local', 'if', 'while', 'for', 'repeat', 'return', 'goto', 'break', 'do', '::'] as const),
])

/** Words that end a block. */
const BLOCK_ENDS: ReadonlySet<TokenKind> = new Set<TokenKind>(['end', 'else', 'elseif', 'until', '<eof>'])

export function endsBlock(kind: TokenKind): boolean {
  return BLOCK_ENDS.has(kind)
}

/** Whether the current token may begin a statement on a line of its own. */
function startsLine(p: Parser): boolean {
  const { first, kind } = p.lexer
  return first && (kind === '<name>' || kind === '(' || kind === 'function')
}

/**
 * Parses the head of a block, which `closer` ends. If that fails, skips to after `closer` on the same
 * line, or to the next line, so that the block is parsed all the same.
 */
export function recoverInLine(p: Parser, closer: TokenKind, head: () => void): void {
  const mark = p.mark()
  try {
    head()
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error
    const { locals } = p.scope
    p.reset(mark)
    p.scope.locals = Math.max(locals, mark.locals)
    skipInLine(p, closer)
    p.accept(closer)
  }
}

/** Skips the rest of the line, up to a token that is wanted, or that ends a block. */
export function skipInLine(p: Parser, wanted: TokenKind): void {
  const line = p.lexer.startLine
  if (startsLine(p) || (p.lexer.first && STATEMENT_WORDS.has(p.kind))) return
  while (p.lexer.startLine === line && p.kind !== wanted && !endsBlock(p.kind)) p.advance()
}

/**
 * Skips the rest of a statement that started at `start`: to a word that begins or ends a block, to a
 * semicolon, or to a line that starts no further right than the statement did.
 */
export function skipStatement(p: Parser, start: Position, offset: number): void {
  if (p.lexer.start === offset && !endsBlock(p.kind)) p.advance()
  while (!endsBlock(p.kind) && p.kind !== ';' && !STATEMENT_WORDS.has(p.kind)) {
    if (startsLine(p) && p.lexer.startColumn <= start.column) return
    if (p.kind === 'function') skipFunction(p)
    else p.advance()
  }
}

/** Steps over a function in the middle of what is skipped: its `end` isn't that of a block outside. */
function skipFunction(p: Parser): void {
  const { line } = p.position
  p.advance()
  if (p.kind !== '(') return
  p.openFunction(line)
  p.scope.vararg = true
  skipInLine(p, ')')
  p.accept(')')
  p.block(p)
  p.accept('end')
  p.closeFunction()
}

/**
 * Steps over the word that ends a block; `opener` and its line are those of the block's first word. If
 * statements follow a return, they are parsed for their errors; if another block's end stands here, it is
 * left to that block.
 */
export function closeBlock(p: Parser, closer: TokenKind, opener: TokenKind, line: number): void {
  try {
    p.expectClosing(closer, opener, line)
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error
    while (!endsBlock(p.kind)) p.block(p)
    p.accept(closer)
  }
}
