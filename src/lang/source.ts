/** The text of one chunk: what the lexer reads and every later stage takes positions from. */

import { toByteString } from './chunk-name.ts'

/** A place in the source: 1-based line, 1-based column in bytes. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** The source of one chunk. `text` has one char (0–255) per byte, since Lua's strings are byte strings. */
export interface Source {
  readonly text: string
  /** Chunk name with its `@` or `=` prefix, as in lua_load(3). */
  readonly name: string
}

/** Wraps the text of a chunk; JavaScript strings are taken as UTF-8. */
export function toSource(text: Uint8Array | string, name: string): Source {
  if (typeof text === 'string') return { text: toByteString(text), name }
  return { text: Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1'), name }
}

/** Finds lines of a text (1-based), which end with \n, \r, \r\n or \n\r; fast where they are asked for in their order. */
export class Lines {
  private readonly text: string
  private readonly breaks = /\r\n|\n\r|\n|\r/g
  private line = 1

  constructor(text: string) {
    this.text = text
  }

  /** The offset of the first byte of a line. */
  offset(line: number): number {
    if (line < this.line) {
      this.line = 1
      this.breaks.lastIndex = 0
    }
    for (; this.line < line; this.line++) {
      if (this.breaks.test(this.text)) continue
      this.line = Number.POSITIVE_INFINITY // there are no more
      return this.text.length
    }
    return this.breaks.lastIndex
  }
}

/** The offset of the first byte of a line. */
export function offsetOfLine(text: string, line: number): number {
  return new Lines(text).offset(line)
}

/** The bytes of a line (1-based), without its end. */
export function lineOf(text: string, line: number): string {
  const start = offsetOfLine(text, line)
  const length = text.slice(start).search(/[\r\n]/)
  return text.slice(start, length < 0 ? text.length : start + length)
}
