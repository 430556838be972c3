/** Strings in the source text: quoted ones with their escapes, and long brackets. */

import { CHAR, DIGIT, HEX_DIGIT, isIn } from './characters.ts'
import type { DiagnosticKey } from './diagnostic-table.ts'
import type { Lexer } from './lexer.ts'

/** Number of `=` in the long bracket that opens at `pos`, or -1 if none does. */
export function longBracketLevel(text: string, pos: number): number {
  if (text.charCodeAt(pos) !== CHAR.OPEN_BRACKET) return -1
  let end = pos + 1
  while (text.charCodeAt(end) === CHAR.EQUALS) end++
  return text.charCodeAt(end) === CHAR.OPEN_BRACKET ? end - pos - 1 : -1
}

/**
 * Reads the long bracket at the lexer's position and returns its contents: without a first line break,
 * all others as \n.
 */
export function lexLongBracket(
  lexer: Lexer,
  level: number,
  unfinished: 'unfinishedLongString' | 'unfinishedLongComment',
): string {
  const { text, line, pos: open } = lexer
  const column = open - lexer.lineStart + 1
  lexer.pos += level + 2
  const close = `]${'='.repeat(level)}]`
  const end = text.indexOf(close, lexer.pos)
  const stop = end < 0 ? text.length : end
  const contents = linesUpTo(lexer, stop)
  lexer.pos = end < 0 ? stop : stop + close.length
  if (end < 0) {
    lexer.findings.add(
      unfinished,
      { line },
      { line, column, length: level + 2, near: '<eof>', referenceLine: lexer.line, reached: lexer.start },
    )
  }
  return contents
}

/** The text up to `stop`, with line breaks normalised and counted. */
function linesUpTo(lexer: Lexer, stop: number): string {
  const { text } = lexer
  if (isBreak(text.charCodeAt(lexer.pos)) && lexer.pos < stop) lexer.newline()
  const pieces: string[] = []
  let from = lexer.pos
  for (let pos = from; pos < stop; pos++) {
    if (!isBreak(text.charCodeAt(pos))) continue
    pieces.push(text.slice(from, pos))
    lexer.pos = pos
    lexer.newline()
    from = lexer.pos
    pos = from - 1
  }
  pieces.push(text.slice(from, stop))
  return pieces.join('\n')
}

function isBreak(char: number): boolean {
  return char === CHAR.LF || char === CHAR.CR
}

/** Reads the quoted string at the lexer's position; its bytes are left in `lexer.string`. */
export function lexString(lexer: Lexer, quote: number): '<string>' {
  const { text } = lexer
  lexer.string = ''
  let from = ++lexer.pos
  for (;;) {
    const c = text.charCodeAt(lexer.pos)
    if (c === quote) break
    if (c === CHAR.BACKSLASH) {
      lexer.string += text.slice(from, lexer.pos)
      lexer.string += readEscape(lexer)
      if (lexer.findings.full) return '<string>' // the parser ends here
      from = lexer.pos
    } else if (isBreak(c) || lexer.pos >= text.length) {
      lexer.string += text.slice(from, lexer.pos)
      unfinished(lexer)
      return '<string>'
    } else lexer.pos++
  }
  lexer.string += text.slice(from, lexer.pos)
  lexer.pos++
  return '<string>'
}

function unfinished(lexer: Lexer): void {
  const { text, start, pos } = lexer
  lexer.cutOff = true
  const near = pos >= text.length ? '<eof>' : `'${text[start]}${lexer.string}'`
  const inLine = start >= lexer.lineStart
  const at = inLine ? start : lexer.lineStart
  lexer.report('unfinishedString', {}, near, { at, length: inLine ? 1 : pos - at })
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/** The bytes that the escape at the lexer's position stands for. */
function readEscape(lexer: Lexer): string {
  const { text, pos } = lexer
  const c = text.charCodeAt(pos + 1)
  const simple = SIMPLE[text[pos + 1] ?? '']
  lexer.pos = pos + 2
  if (simple !== undefined) return simple
  if (text[pos + 1] === 'x') return hexEscape(lexer, pos)
  if (text[pos + 1] === 'u') return unicodeEscape(lexer, pos)
  if (text[pos + 1] === 'z') return skipSpace(lexer)
  if (isIn(c, DIGIT)) return decimalEscape(lexer, pos)
  lexer.pos = Math.min(pos + 1, text.length)
  if (isBreak(c)) {
    lexer.newline()
    return '\n'
  }
  return pos + 1 >= text.length ? '' : refuse(lexer, 'badEscape', pos)
}

/** Reports the escape that starts at `start`; the lexer stands on the byte that is wrong. */
function refuse(lexer: Lexer, key: DiagnosticKey & ('badEscape' | EscapeFault), start: number): string {
  const { text, pos } = lexer
  const raw = text.slice(start, pos + 1)
  const near = `'${text[lexer.start]}${lexer.string}${raw}'`
  lexer.report(key, {}, near, { at: start, length: raw.length })
  const next = text.charCodeAt(pos)
  const harmless = key === 'decimalEscapeTooLarge' || isBreak(next) || text[pos] === text[lexer.start]
  if (!harmless && pos < text.length) lexer.pos++
  return ''
}

type EscapeFault =
  | 'decimalEscapeTooLarge'
  | 'hexDigitExpected'
  | 'missingOpenBrace'
  | 'missingCloseBrace'
  | 'utf8TooLarge'

function skipSpace(lexer: Lexer): string {
  const { text } = lexer
  for (;;) {
    const c = text.charCodeAt(lexer.pos)
    if (isBreak(c)) lexer.newline()
    else if (c === CHAR.SPACE || (c >= CHAR.TAB && c <= CHAR.CR)) lexer.pos++
    else return ''
  }
}

function hexEscape(lexer: Lexer, start: number): string {
  for (let i = 0; i < 2; i++) {
    if (!isIn(lexer.text.charCodeAt(lexer.pos), HEX_DIGIT)) return refuse(lexer, 'hexDigitExpected', start)
    lexer.pos++
  }
  return String.fromCharCode(Number.parseInt(lexer.text.slice(start + 2, lexer.pos), 16))
}

function decimalEscape(lexer: Lexer, start: number): string {
  while (lexer.pos < start + 4 && isIn(lexer.text.charCodeAt(lexer.pos), DIGIT)) lexer.pos++
  const value = Number(lexer.text.slice(start + 1, lexer.pos))
  return value > 255 ? refuse(lexer, 'decimalEscapeTooLarge', start) : String.fromCharCode(value)
}

/** \u{XXX}: the UTF-8 form, up to 2^31 as in the reference. */
function unicodeEscape(lexer: Lexer, start: number): string {
  const { text } = lexer
  if (text[lexer.pos] !== '{') return refuse(lexer, 'missingOpenBrace', start)
  lexer.pos++
  if (!isIn(text.charCodeAt(lexer.pos), HEX_DIGIT)) return refuse(lexer, 'hexDigitExpected', start)
  let value = 0
  for (; isIn(text.charCodeAt(lexer.pos), HEX_DIGIT); lexer.pos++) {
    value = value * 16 + Number.parseInt(text[lexer.pos]!, 16)
    if (value >= 2 ** 31) return refuse(lexer, 'utf8TooLarge', start)
  }
  if (text[lexer.pos] !== '}') return refuse(lexer, 'missingCloseBrace', start)
  lexer.pos++
  return encodeUtf8(value)
}

/** The original UTF-8 of up to six bytes, which reaches 2^31. */
function encodeUtf8(value: number): string {
  if (value < 0x80) return String.fromCharCode(value)
  const tail: number[] = []
  let rest = value
  let room = 0x3f
  do {
    tail.unshift(0x80 | (rest & 0x3f))
    rest = Math.floor(rest / 64)
    room >>= 1
  } while (rest > room)
  return String.fromCharCode(((~room << 1) & 0xff) | rest, ...tail)
}
