/** What a line of an interactive session is: an expression to print, a statement, or the start of one. */

import { encodeBytes } from '../host/printable.ts'
import { check } from '../lang/compile.ts'

export interface ReplInput {
  /** What to run. */
  readonly text: string
  /** False if more lines are needed. */
  readonly complete: boolean
}

/**
 * Understands what has been typed so far (bytes that are no UTF-8: as `decodeBytes` has them). An expression is run as `return EXPRESSION`, as is `= EXPRESSION`,
 * the form of Lua 5.2.
 * @param last no more lines will come
 */
export function understand(typed: string, last: boolean): ReplInput {
  const text = typed.replace(/^=/, 'return ')
  const expression = `return ${text}`
  if (text.trim() !== '' && isFine(expression)) return { text: expression, complete: true }
  return { text, complete: last || !isUnfinished(text) }
}

function isFine(text: string): boolean {
  return check(encodeBytes(text), { name: '=stdin' }).length === 0
}

/** The first thing wrong with the text is that it ends. */
function isUnfinished(text: string): boolean {
  return check(encodeBytes(text), { name: '=stdin' })[0]?.near === '<eof>'
}
