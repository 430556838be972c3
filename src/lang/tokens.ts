/** The tokens of Lua: their kinds and how messages name them. */

const RESERVED_WORDS = [
  ...(['and', 'break', 'do', 'else', 'elseif', 'end', 'false', 'for', 'function', 'goto', 'if'] as const),
  ...(['in', 'local', 'nil', 'not', 'or', 'repeat', 'return', 'then', 'true', 'until', 'while'] as const),
] as const

export type ReservedWord = (typeof RESERVED_WORDS)[number]

export type Punctuation =
  | ('+' | '-' | '*' | '/' | '%' | '^' | '#' | '&' | '~' | '|' | '<<' | '>>' | '//')
  | ('==' | '~=' | '<=' | '>=' | '<' | '>' | '=' | '(' | ')' | '{' | '}' | '[' | ']')
  | ('::' | ';' | ':' | ',' | '.' | '..' | '...')

/** `<char>` is a byte that starts no token; the parser refuses it. */
export type TokenKind = ReservedWord | Punctuation | '<name>' | '<string>' | '<integer>' | '<char>' | '<eof>'

const RESERVED: ReadonlyMap<string, ReservedWord> = new Map(RESERVED_WORDS.map((word) => [word, word]))

/** The reserved word that a name is, if it is one. */
export function reservedWord(name: string): ReservedWord | undefined {
  return RESERVED.get(name)
}

/** A kind of token as the reference's messages show it: `'end'`, `<name>`, `<eof>`. */
export function quoteKind(kind: TokenKind): string {
  return kind.startsWith('<') && kind.endsWith('>') && kind.length > 2 ? kind : `'${kind}'`
}
