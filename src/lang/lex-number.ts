/** Numerals in the source text. Floats are refused here, with the integer that may have been meant. */

import { CHAR, HEX_DIGIT, isIn, LETTER } from './characters.ts'
import type { Lexer } from './lexer.ts'
import { readNumeral } from './numeral.ts'

const LOWER = 0x20

/**
 * Reads the numeral at the lexer's position, as generously as the reference does (so that `3x` is one
 * malformed number, not two tokens), and leaves its value in `lexer.integer`.
 */
export function lexNumber(lexer: Lexer): '<integer>' {
  const { text } = lexer
  const start = lexer.pos
  const end = endOfNumeral(text, start)
  lexer.pos = end
  const raw = text.slice(start, end)
  const numeral = readNumeral(raw)
  const span = { at: start, length: raw.length }
  lexer.integer = 0n
  switch (numeral.kind) {
    case 'integer':
      lexer.integer = numeral.value
      break
    case 'float':
      lexer.integer = numeral.value ?? 1n
      lexer.report(
        'floatLiteral',
        {},
        `'${raw}'`,
        span,
        numeral.value === undefined ? undefined : `write ${numeral.value}`,
      )
      break
    case 'large':
      lexer.report('integerTooLarge', {}, `'${raw}'`, span)
      break
    case 'malformed':
      lexer.report('malformedNumber', {}, `'${raw}'`, span)
  }
  return '<integer>'
}

function endOfNumeral(text: string, start: number): number {
  const first = text.charCodeAt(start) === CHAR.DOT ? start + 1 : start
  let pos = first + 1
  let exponent = 'e'.charCodeAt(0)
  if (text[first] === '0' && (text.charCodeAt(pos) | LOWER) === 'x'.charCodeAt(0)) {
    exponent = 'p'.charCodeAt(0)
    pos++
  }
  for (;;) {
    const c = text.charCodeAt(pos)
    if ((c | LOWER) === exponent) {
      pos++
      const sign = text.charCodeAt(pos)
      if (sign === CHAR.PLUS || sign === CHAR.MINUS) pos++
    } else if (isIn(c, HEX_DIGIT) || c === CHAR.DOT) pos++
    else break
  }
  return isIn(text.charCodeAt(pos), LETTER) ? pos + 1 : pos
}
