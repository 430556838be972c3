/**
 * The lexer: first stage of the compiler, from bytes to tokens, one at a time. What it can't read it
 * reports and goes on, with the likeliest token in place. Numerals are in lex-number.ts, strings and
 * long brackets in lex-string.ts.
 */

import { CHAR, DIGIT, isIn, LETTER, printable } from './characters.ts'
import type { DiagnosticArgs, DiagnosticKey } from './diagnostic-table.ts'
import type { Findings } from './diagnostics.ts'
import { lexNumber } from './lex-number.ts'
import { lexLongBracket, lexString, longBracketLevel } from './lex-string.ts'
import { Meter } from './meter.ts'
import type { Source } from './source.ts'
import { type Punctuation, quoteKind, reservedWord, type TokenKind } from './tokens.ts'

/** What `mark` remembers and `rewind` brings back. */
interface LexerState {
  readonly pos: number
  readonly line: number
  readonly lineStart: number
}

/** Reads one source. The fields describe the current token; `advance` moves to the next. */
export class Lexer {
  readonly text: string
  readonly findings: Findings
  readonly meter: Meter

  /** The current token. */
  kind: TokenKind = '<eof>'
  /** Value of a string (one char per byte) or a name. */
  string = ''
  /** Value of an integer. */
  integer = 0n
  /** Offsets of its first byte and of the byte after it. */
  start = 0
  /** Line and column of its first byte. */
  startLine = 0
  startColumn = 1
  /** Whether it is the first one on its line. */
  first = true
  /** Whether it is a string that the end of its line has cut off. */
  cutOff = false

  /** Offset of the next byte to read, its line, and the offset of that line. */
  pos = 0
  line = 1
  lineStart = 0
  /** The line on which the token before the current one ends. */
  lastLine = 1

  constructor(source: Source, findings: Findings, meter = new Meter()) {
    this.text = source.text
    this.findings = findings
    this.meter = meter
    const isFile = source.name.startsWith('@')
    if (isFile && this.text.startsWith(BYTE_ORDER_MARK)) this.pos = this.lineStart = BYTE_ORDER_MARK.length
    if (isFile && this.text.charCodeAt(this.pos) === CHAR.HASH) this.skipLine()
  }

  /** Reads the next token. */
  advance(): void {
    const line = this.startLine
    const fresh = line === 0
    this.lastLine = this.line
    this.kind = this.scan()
    this.first = fresh || this.startLine !== line
  }

  /** The kind of the token after the current one, which stays current. */
  peek(): TokenKind {
    const { kind, string, integer, start, startLine, startColumn, first, cutOff } = this
    const mark = this.findings.mark()
    const state: LexerState = { pos: this.pos, line: this.line, lineStart: this.lineStart }
    const next = this.scan()
    this.findings.forget(mark) // what is found comes up again
    Object.assign(this, { kind, string, integer, start, startLine, startColumn, first, cutOff }, state)
    return next
  }

  /** The current token as messages quote it, as a byte string; undefined for the byte 0. */
  quote(): string | undefined {
    const raw = this.rawText()
    if (raw === undefined) return this.kind === '<char>' ? undefined : quoteKind(this.kind)
    const zero = raw.indexOf('\0')
    return `'${zero < 0 ? raw : raw.slice(0, zero)}'`
  }

  private rawText(): string | undefined {
    const char = this.text.charCodeAt(this.start)
    switch (this.kind) {
      case '<name>':
        return this.string
      case '<integer>':
        return this.text.slice(this.start, this.pos)
      case '<char>':
        return char === 0 ? undefined : printable(char)
      case '<string>': {
        if (char !== CHAR.OPEN_BRACKET) return this.text[this.start] + this.string + this.text[this.start]
        const bracket = '='.repeat(longBracketLevel(this.text, this.start))
        return `[${bracket}[${this.string}]${bracket}]`
      }
      default:
        return undefined
    }
  }

  /** Reports a finding in the current token, at offset `at` of the current line. */
  report<K extends DiagnosticKey>(
    key: K,
    args: DiagnosticArgs<K>,
    near: string,
    span: { readonly at: number; readonly length: number },
    hint?: string,
  ): void {
    const inLine = span.at >= this.lineStart
    const zero = near.indexOf('\0')
    const finding = {
      line: inLine ? this.line : this.startLine,
      column: inLine ? span.at - this.lineStart + 1 : this.startColumn,
      length: span.length,
      near: zero < 0 ? near : `${near.slice(0, zero)}'`,
      referenceLine: this.line,
      reached: this.start,
    }
    this.findings.add(key, args, finding, hint)
  }

  /** Skips one line break (\n, \r, \r\n or \n\r) at `pos`. */
  newline(): void {
    const first = this.text.charCodeAt(this.pos++)
    const second = this.text.charCodeAt(this.pos)
    if ((second === CHAR.LF || second === CHAR.CR) && second !== first) this.pos++
    this.line++
    this.lineStart = this.pos
  }

  private skipLine(): void {
    const { text } = this
    for (;;) {
      const c = text.charCodeAt(this.pos)
      if (c === CHAR.LF || c === CHAR.CR || this.pos >= text.length) return
      this.pos++
    }
  }

  /** Moves to the start of the next token and reads it. */
  private scan(): TokenKind {
    const { text } = this
    this.meter.token()
    this.cutOff = false
    for (;;) {
      const c = text.charCodeAt(this.pos)
      switch (c) {
        case CHAR.LF:
        case CHAR.CR:
          this.newline()
          continue
        case CHAR.SPACE:
        case CHAR.TAB:
        case CHAR.VT:
        case CHAR.FF:
          this.pos++
          continue
        case CHAR.MINUS:
          if (text.charCodeAt(this.pos + 1) !== CHAR.MINUS) break
          this.comment()
          continue
      }
      this.start = this.pos
      this.startLine = this.line
      this.startColumn = this.pos - this.lineStart + 1
      return this.token(c)
    }
  }

  private comment(): void {
    this.start = this.pos
    this.startLine = this.line
    this.startColumn = this.pos - this.lineStart + 1
    this.pos += 2
    const level = longBracketLevel(this.text, this.pos)
    if (level >= 0) lexLongBracket(this, level, 'unfinishedLongComment')
    else this.skipLine()
  }

  /** The token that starts with `c` at `pos`. */
  private token(c: number): TokenKind {
    if (isIn(c, LETTER)) return this.name()
    if (isIn(c, DIGIT)) return lexNumber(this)
    switch (c) {
      case CHAR.DOUBLE_QUOTE:
      case CHAR.SINGLE_QUOTE:
        return lexString(this, c)
      case CHAR.OPEN_BRACKET:
        return this.openBracket()
      case CHAR.DOT:
        return this.dots()
    }
    const two = TWO_CHARS[c]?.get(this.text.charCodeAt(this.pos + 1))
    if (two !== undefined) {
      this.pos += 2
      return two
    }
    if (this.pos >= this.text.length) return '<eof>'
    this.pos++
    return ONE_CHAR[c] ?? '<char>'
  }

  private name(): TokenKind {
    const { text } = this
    let end = this.pos + 1
    while (isIn(text.charCodeAt(end), LETTER | DIGIT)) end++
    this.string = text.slice(this.pos, end)
    this.pos = end
    return reservedWord(this.string) ?? '<name>'
  }

  private openBracket(): TokenKind {
    const level = longBracketLevel(this.text, this.pos)
    if (level >= 0) {
      this.string = lexLongBracket(this, level, 'unfinishedLongString')
      return '<string>'
    }
    this.pos++
    if (this.text.charCodeAt(this.pos) !== CHAR.EQUALS) return '['
    while (this.text.charCodeAt(this.pos) === CHAR.EQUALS) this.pos++
    const raw = this.text.slice(this.start, this.pos)
    this.report('badLongDelimiter', {}, `'${raw}'`, { at: this.start, length: raw.length })
    return '['
  }

  private dots(): TokenKind {
    const { text, pos } = this
    if (isIn(text.charCodeAt(pos + 1), DIGIT)) return lexNumber(this)
    const count = text.charCodeAt(pos + 1) !== CHAR.DOT ? 1 : text.charCodeAt(pos + 2) !== CHAR.DOT ? 2 : 3
    this.pos += count
    return count === 1 ? '.' : count === 2 ? '..' : '...'
  }
}

/** UTF-8's, one char per byte; skipped, as luaL_loadfile does. */
const BYTE_ORDER_MARK = '\xef\xbb\xbf'

/** Tokens of one byte, by that byte. */
const ONE_CHAR: (Punctuation | undefined)[] = new Array(256).fill(undefined)
for (const mark of [...'+-*/%^#&~|<>=(){}];:,'] as Punctuation[]) ONE_CHAR[mark.charCodeAt(0)] = mark

/** Tokens of two bytes, by the first and the second one. */
const TWO_CHARS: (Map<number, Punctuation> | undefined)[] = new Array(256).fill(undefined)
for (const mark of ['<<', '>>', '//', '==', '~=', '<=', '>=', '::'] as const) {
  const first = mark.charCodeAt(0)
  TWO_CHARS[first] ??= new Map()
  TWO_CHARS[first].set(mark.charCodeAt(1), mark)
}
