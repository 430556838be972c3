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

/** The offset of the first byte of a line (1-based); lines end with \n, \r, \r\n or \n\r. */
export function offsetOfLine(text: string, line: number): number {
  const breaks = /\r\n|\n\r|\n|\r/g
  for (let n = 1; n < line; n++) if (!breaks.test(text)) return text.length
  return line > 1 ? breaks.lastIndex : 0
}

/** The bytes of a line (1-based), without its end. */
export function lineOf(text: string, line: number): string {
  const start = offsetOfLine(text, line)
  const length = text.slice(start).search(/[\r\n]/)
  return text.slice(start, length < 0 ? text.length : start + length)
}
