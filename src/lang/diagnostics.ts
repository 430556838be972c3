/**
 * Diagnostics of the front end: collected by the lexer, the parser, the resolver and the code generator,
 * rendered for people, and raised as one CompileError.
 */

import { chunkIdBytes, fileOf, fromByteString, toByteString } from './chunk-name.ts'
import {
  DIAGNOSTICS,
  type DiagnosticArgs,
  type DiagnosticKey,
  type DiagnosticRow,
  tokenHint,
} from './diagnostic-table.ts'
import { lineOf, type Position, type Source } from './source.ts'

/** One finding about a source text. */
export interface Diagnostic {
  /** Stable, as in diagnostic-table.ts. */
  readonly code: string
  /** Only of what doesn't keep a script from being compiled. */
  readonly severity?: 'warning'
  readonly message: string
  readonly hint?: string
  /** File name, or the displayed chunk name. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based, in bytes. */
  readonly column: number
  /** How many bytes of the line are meant, at least 1. */
  readonly length: number
  /** The token at which the reference would stop, quoted as in its messages. */
  readonly near?: string
  /** The line that the reference names, where it is another than `line`. */
  readonly referenceLine?: number
}

/** A source that can't be compiled. Its message is the reference's for the first diagnostic. */
export class CompileError extends Error {
  readonly diagnostics: readonly Diagnostic[]

  constructor(chunkName: string, diagnostics: readonly Diagnostic[]) {
    super(fromByteString(referenceMessage(chunkName, diagnostics[0]!)))
    this.name = 'CompileError'
    this.diagnostics = diagnostics
  }
}

/** What the reference says of a diagnostic, as a byte string. */
export function referenceMessage(chunkName: string, d: Diagnostic): string {
  const near = d.near === undefined ? '' : ` near ${toByteString(d.near)}`
  return `${chunkIdBytes(chunkName)}:${d.referenceLine ?? d.line}: ${toByteString(d.message)}${near}`
}

/** Where a finding is, and how the reference would have come upon it. */
export interface Finding extends Position {
  readonly length?: number
  /** Quoted token, as a byte string. */
  readonly near?: string | undefined
  readonly referenceLine?: number
  /** Offset of the token that the reference had reached: findings are listed in this order. */
  readonly reached: number
}

/** Findings after this many are dropped. */
export const MOST_DIAGNOSTICS = 50

/** Collects the findings of all stages about one source. */
export class Findings {
  /** The statement that a stage is at, for reports of its failure. */
  at: Position = { line: 1, column: 1 }
  private readonly file: string
  private readonly found: { readonly reached: number; readonly diagnostic: Diagnostic }[] = []

  constructor(source: Source) {
    this.file = fileOf(source.name)
  }

  get full(): boolean {
    return this.found.length >= MOST_DIAGNOSTICS
  }

  get empty(): boolean {
    return this.found.length === 0
  }

  /** Offset of the token that the reference reaches when it comes upon the first finding. */
  get first(): number {
    return Math.min(...this.found.map(({ reached }) => reached))
  }

  /** How many have been found, for `forget`. */
  mark(): number {
    return this.found.length
  }

  /** Drops what has been found since. */
  forget(mark: number): void {
    this.found.length = mark
  }

  /** Whether something has been found on this line. */
  onLine(line: number): boolean {
    return this.found.some(({ diagnostic }) => diagnostic.line === line)
  }

  add<K extends DiagnosticKey>(key: K, args: DiagnosticArgs<K>, at: Finding, hint?: string): void {
    if (this.full) return
    const row: DiagnosticRow = DIAGNOSTICS[key]
    const near = at.near === undefined ? undefined : fromByteString(at.near)
    const advice = hint ?? (near === undefined ? undefined : tokenHint(near)) ?? row.hint
    const diagnostic: Diagnostic = {
      code: row.code,
      ...(row.severity === undefined ? {} : { severity: row.severity }),
      message: fill(row.message, args),
      ...(advice === undefined ? {} : { hint: advice }),
      file: this.file,
      line: at.line,
      column: at.column,
      length: Math.max(1, at.length ?? 1),
      ...(near === undefined ? {} : { near }),
      ...(at.referenceLine === undefined || at.referenceLine === at.line
        ? {}
        : { referenceLine: at.referenceLine }),
    }
    this.found.push({ reached: at.reached, diagnostic })
  }

  /** All findings, in the order in which the reference would come upon them. */
  list(): Diagnostic[] {
    return [...this.found].sort((a, b) => a.reached - b.reached).map(({ diagnostic }) => diagnostic)
  }
}

function fill(template: string, args: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{([a-z]+)\}/g, (hole, name: string) => String(args[name] ?? hole))
}

/** Widest excerpt of a source line, in characters. */
const WINDOW = 100
/** Longest token and longest message that are shown whole. */
const MOST_OF_TOKEN = 80
const MOST_OF_MESSAGE = 300
const TAB = '    '

/**
 * A diagnostic as people read it: `FILE:LINE:COL: error[CODE]: message` (or `warning[CODE]`), the source line, a caret line,
 * and the hint. Tabs are shown as four spaces; a long line is cut to a window around the caret, a long token in the middle.
 */
export function renderDiagnostic(d: Diagnostic, sourceText: Uint8Array | string): string {
  const text = typeof sourceText === 'string' ? toByteString(sourceText) : latin1(sourceText)
  const near = d.near === undefined ? '' : ` near ${shortened(d.near, MOST_OF_TOKEN)}`
  const line = lineOf(text, d.line)
  const [start, end] = wholeCharacters(line, d.column - 1, d.column - 1 + d.length)
  const before = visible(line.slice(0, start))
  const marked = visible(line.slice(start, end))
  const after = visible(line.slice(end, wholeCharacters(line, end, end + 4 * WINDOW)[1]))
  const shown = excerpt(before, marked, after)
  const gutter = String(d.line)
  const blank = ' '.repeat(gutter.length)
  const rows = [
    `${d.file}:${d.line}:${d.column}: ${d.severity ?? 'error'}[${d.code}]: ${shortened(d.message, MOST_OF_MESSAGE)}${near}`,
    ` ${gutter} | ${shown.line}`,
    ` ${blank} | ${' '.repeat(shown.caret)}^${'~'.repeat(shown.width - 1)}`,
  ]
  if (d.hint !== undefined) rows.push(` ${blank} = hint: ${d.hint}`)
  return rows.map((row) => row.trimEnd()).join('\n')
}

/** A text without its middle, if it is too long. */
function shortened(text: string, most: number): string {
  const characters = visibleText(text)
  if (characters.length <= most) return characters.join('')
  const half = Math.floor((most - 1) / 2)
  return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`
}

/** A range of the bytes of a line, made larger where it would cut characters of UTF-8. */
function wholeCharacters(line: string, start: number, end: number): [start: number, end: number] {
  const isInside = (at: number) => (line.charCodeAt(at) & 0xc0) === 0x80
  let [from, to] = [start, end]
  while (from > 0 && start - from < LONGEST_CHARACTER && isInside(from)) from--
  while (to - end < LONGEST_CHARACTER && isInside(to)) to++
  return [from, to]
}

/** Bytes of a character of UTF-8. */
const LONGEST_CHARACTER = 4

/** Characters of one line, as a terminal may show them: one column each. */
function visible(bytes: string): string[] {
  return visibleText(fromByteString(bytes))
}

function visibleText(shown: string): string[] {
  const text = shown.replaceAll('\t', TAB)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it replaces
  return [...text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')]
}

function excerpt(before: string[], marked: string[], after: string[]) {
  const width = Math.max(1, Math.min(marked.length, WINDOW / 2))
  const all = [...before.slice(-WINDOW), ...marked.slice(0, WINDOW), ...after]
  const caret = Math.min(before.length, WINDOW)
  const hidden = before.length - caret
  const start = all.length <= WINDOW && hidden === 0 ? 0 : Math.max(0, caret - (WINDOW - width) / 2)
  const from = Math.floor(start)
  const head = from > 0 || hidden > 0 ? '…' : ''
  const tail = all.length > from + WINDOW ? '…' : ''
  return {
    line: head + all.slice(from, from + WINDOW).join('') + tail,
    caret: caret - from + head.length,
    width,
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
