/**
 * The lexer of eBPF assembly: of programs (`assemble.ts`) and of the texts in the instruction table, from which
 * the grammar of instructions is made (`grammar.ts`).
 */

export type TokenKind = 'name' | 'number' | 'symbol' | 'placeholder' | 'unknown' | 'end'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  /** From 1. */
  readonly column: number
}

/**
 * Operators that start with an `s` stand before names, since a name never touches one. A placeholder takes the
 * letter before it along: `r{dst}` is one token.
 */
const TOKEN =
  /(?<space>\s+|;.*|\/\/.*)|(?<placeholder>[rw]?\{\w+\})|(?<symbol>s>>=|s\/=|s%=|s>=|s<=|s>|s<|<<=|>>=|[=!<>+\-*/%|&^]=|[=+\-*/(),:<>&|#])|(?<name>[A-Za-z_]\w*)|(?<number>0[xX][0-9a-fA-F]+|[0-9]+)(?!\w)|(?<unknown>\w+|.)/uy

/** The tokens of a line without its comment, and one of kind `end`. Comments start with `;` or `//`. */
export function tokenize(line: string): Token[] {
  const tokens: Token[] = []
  let index = 0
  while (index < line.length) {
    TOKEN.lastIndex = index
    const match = TOKEN.exec(line)!
    const groups = match.groups!
    for (const kind of ['placeholder', 'symbol', 'name', 'number', 'unknown'] as const) {
      if (groups[kind] !== undefined) tokens.push({ kind, text: match[0], column: index + 1 })
    }
    if (groups.space?.trim()) break
    index += match[0].length
  }
  const last = tokens.at(-1)
  const column = last === undefined ? 1 : last.column + last.text.length
  tokens.push({ kind: 'end', text: '', column })
  return tokens
}
