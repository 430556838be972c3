/** Classes of bytes, for the lexer's inner loops. */

export const LETTER = 1 // may start a name
export const DIGIT = 2
export const HEX_DIGIT = 4

const CLASSES = new Uint8Array(256)

function mark(from: string, to: string, bits: number): void {
  for (let c = from.charCodeAt(0); c <= to.charCodeAt(0); c++) CLASSES[c]! |= bits
}

mark('a', 'z', LETTER)
mark('A', 'Z', LETTER)
mark('_', '_', LETTER)
mark('0', '9', DIGIT | HEX_DIGIT)
mark('a', 'f', HEX_DIGIT)
mark('A', 'F', HEX_DIGIT)

/** Whether a byte (or NaN, beyond the end) is in one of the classes. */
export function isIn(char: number, bits: number): boolean {
  return (CLASSES[char]! & bits) !== 0
}

export const CHAR = {
  TAB: 9,
  LF: 10,
  VT: 11,
  FF: 12,
  CR: 13,
  SPACE: 32,
  DOUBLE_QUOTE: 34,
  HASH: 35,
  SINGLE_QUOTE: 39,
  PLUS: 43,
  MINUS: 45,
  DOT: 46,
  SLASH: 47,
  COLON: 58,
  LESS: 60,
  EQUALS: 61,
  GREATER: 62,
  OPEN_BRACKET: 91,
  BACKSLASH: 92,
  CLOSE_BRACKET: 93,
  TILDE: 126,
} as const

/** A byte in a message: itself, or `<\ddd>` where it can't be printed. */
export function printable(char: number): string {
  return char >= 32 && char < 127 ? String.fromCharCode(char) : `<\\${char}>`
}
