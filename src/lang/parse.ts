/** The parser's entry: from source text to the syntax tree of its main function. */

import type { FunctionBody } from './ast.ts'
import type { Findings } from './diagnostics.ts'
import type { Meter } from './meter.ts'
import { endsBlock } from './parse-recovery.ts'
import { block } from './parse-statement.ts'
import { Parser, ParsingEnded, SyntaxFault } from './parser.ts'
import type { Source } from './source.ts'

/** Where the parser met its first syntax error: an offset in the source. */
export interface Parsed {
  readonly main: FunctionBody
  /** Whether the tree is whole. If not, parts of the source that could not be read are missing from it. */
  readonly whole: boolean
}

/** chunk → block. What can't be parsed is reported to `findings` and missing from the tree. */
export function parse(source: Source, findings: Findings, meter: Meter): Parsed {
  const parser = new Parser(source, findings, meter, block)
  const statements = []
  let whole = true
  try {
    parser.advance()
    for (;;) {
      for (const statement of block(parser).statements) statements.push(statement)
      if (parser.kind === '<eof>') break
      strayEnd(parser)
    }
  } catch (error) {
    if (!(error instanceof ParsingEnded)) throw error
    whole = false
  }
  return {
    main: {
      parameters: [],
      vararg: true,
      block: { statements, lastLine: parser.lexer.lastLine },
      line: 0,
      column: 0,
      lastLine: 0,
      next: parser.place,
      upvalues: [],
    },
    whole: whole && parser.faults === 0,
  }
}

/** A token that can't follow the main block: reported, unless it is left over from an error; and skipped. */
function strayEnd(parser: Parser): void {
  const leftOver = endsBlock(parser.kind)
  try {
    if (!leftOver || parser.faults === 0) parser.check('<eof>')
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error
  }
  if (leftOver) parser.advance()
}
