/**
 * Every diagnostic of the front end: stable code, message and hint. Messages are those of the reference
 * implementation, so that `load` returns what Lua programmers expect. `{name}` is filled in by the stage
 * that reports. L00x numbers and strings, L02x syntax, L04x scopes, L06x limits, L07x faults
 * of the compiler itself, L08x warnings.
 */

export interface DiagnosticRow {
  readonly code: string
  readonly message: string
  readonly hint?: string
  /** A script with warnings compiles. */
  readonly severity?: 'warning'
}

export const DIAGNOSTICS = {
  unfinishedString: {
    code: 'L001',
    message: 'unfinished string',
    hint: 'close the string on the same line, or use [[...]] for one with several lines',
  },
  unfinishedLongString: {
    code: 'L002',
    message: 'unfinished long string (starting at line {line})',
    hint: 'it ends with ]], with as many = between the brackets as at its start',
  },
  unfinishedLongComment: {
    code: 'L003',
    message: 'unfinished long comment (starting at line {line})',
    hint: 'it ends with ]], with as many = between the brackets as at its start',
  },
  badLongDelimiter: {
    code: 'L004',
    message: 'invalid long string delimiter',
    hint: 'a long string starts with [[ or [=[',
  },
  badEscape: {
    code: 'L005',
    message: 'invalid escape sequence',
    hint: 'escapes are \\a \\b \\f \\n \\r \\t \\v \\\\ \\" \\\' \\z \\xXX \\ddd \\u{XXX}; a backslash itself is \\\\',
  },
  decimalEscapeTooLarge: {
    code: 'L006',
    message: 'decimal escape too large',
    hint: 'a byte is at most \\255; write \\u{...} for a character',
  },
  hexDigitExpected: { code: 'L007', message: 'hexadecimal digit expected' },
  missingOpenBrace: { code: 'L008', message: "missing '{'", hint: 'write \\u{XXX}' },
  missingCloseBrace: { code: 'L009', message: "missing '}'", hint: 'write \\u{XXX}' },
  utf8TooLarge: {
    code: 'L010',
    message: 'UTF-8 value too large',
    hint: 'the largest is \\u{7FFFFFFF}',
  },
  malformedNumber: {
    code: 'L011',
    message: 'malformed number',
    hint: 'put a space between a number and a word that follows it',
  },
  floatLiteral: {
    code: 'L012',
    message: "float literals are not supported: Moonring's numbers are 64-bit integers",
    hint: 'count in a smaller unit (2.5 s as 2500 ms)',
  },
  integerTooLarge: {
    code: 'L013',
    message: 'decimal integer literal does not fit in 64 bits',
    hint: 'the range is -9223372036854775807 to 9223372036854775807; hexadecimal literals wrap around',
  },

  expected: { code: 'L020', message: '{what} expected' },
  expectedToClose: { code: 'L021', message: '{what} expected (to close {opener} at line {line})' },
  unexpectedSymbol: { code: 'L022', message: 'unexpected symbol' },
  syntaxError: {
    code: 'L023',
    message: 'syntax error',
    hint: 'a statement is an assignment or a call; an expression alone is not one',
  },
  unknownAttribute: {
    code: 'L024',
    message: "unknown attribute '{name}'",
    hint: 'the attributes are <const> and <close>',
  },

  assignToConst: {
    code: 'L040',
    message: "attempt to assign to const variable '{name}'",
    hint: 'remove <const> or <close> from its declaration, or use another variable',
  },
  labelTwice: { code: 'L041', message: "label '{name}' already defined on line {line}" },
  noLabel: {
    code: 'L042',
    message: "no visible label '{name}' for <goto> at line {line}",
    hint: 'a label is visible in the block where it stands and in the blocks in it, but not in other functions',
  },
  jumpIntoScope: {
    code: 'L043',
    message: "<goto {name}> at line {line} jumps into the scope of local '{local}'",
    hint: 'declare the local before the goto, or put the code between them into do ... end',
  },
  breakOutsideLoop: { code: 'L044', message: 'break outside loop at line {line}' },
  manyToBeClosed: {
    code: 'L045',
    message: 'multiple to-be-closed variables in local list',
    hint: 'use one local statement for each',
  },
  varargOutside: {
    code: 'L046',
    message: "cannot use '...' outside a vararg function",
    hint: 'add ... to the parameters of the function',
  },

  limit: { code: 'L060', message: 'too many {what} (limit is {limit}) in {where}' },
  tooDeep: {
    code: 'L061',
    message: 'C stack overflow (chunk has more than {limit} syntax levels)',
    hint: 'put inner expressions or blocks into locals or functions of their own',
  },
  tooManyRegisters: {
    code: 'L062',
    message: 'function or expression needs too many registers',
    hint: 'split the expression or the function',
  },

  internal: {
    code: 'L070',
    message: 'the compiler failed; please report this with the text: {reason}',
    hint: 'Moonring should have compiled the text, or said what is wrong with it',
  },

  absent: { code: 'L080', message: "'{name}' does not exist in Moonring", severity: 'warning' },
  unknownGlobal: {
    code: 'L081',
    message: "global '{name}' is not defined",
    severity: 'warning',
  },
  unknownField: { code: 'L082', message: "'{name}' does not exist", severity: 'warning' },
  unusedLocal: {
    code: 'L083',
    message: "local '{name}' is never used",
    severity: 'warning',
    hint: 'remove it, or begin its name with _',
  },
  shadowedLocal: {
    code: 'L084',
    message: "local '{name}' hides the one of line {line}",
    severity: 'warning',
    hint: 'use another name, or one that begins with _',
  },
  unreachable: {
    code: 'L085',
    message: 'unreachable code',
    severity: 'warning',
    hint: 'nothing goes on from the statement before it',
  },
} as const satisfies Record<string, DiagnosticRow>

export type DiagnosticKey = keyof typeof DIAGNOSTICS

type Holes<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never

/** The values that the message of a diagnostic needs. */
export type DiagnosticArgs<K extends DiagnosticKey> = Record<
  Holes<(typeof DIAGNOSTICS)[K]['message']>,
  string | number
>

/** Hints for what people of other languages write, by the token at which the parser stops. */
const TOKEN_HINTS: Readonly<Record<string, string>> = {
  "'!'": '"not equal" is ~=, negation is not',
  "'?'": 'write "c and a or b" or an if statement',
  "'='": 'comparison is ==; assignment is a statement',
  "'+'": 'there is no ++ and no +=: write x = x + 1',
  "'{'": 'blocks are do ... end, then ... end',
  "'&'": 'logical operators are and, or, not',
  "'|'": 'logical operators are and, or, not',
  "'else'": '"else if" nests and needs its own end; elseif does not',
  "'<\\239>'":
    'the file starts with a byte order mark, or has a character that is not ASCII outside a string',
}

/** The hint for a token, quoted as in messages. */
export function tokenHint(near: string): string | undefined {
  const hint = TOKEN_HINTS[near]
  if (hint !== undefined) return hint
  const byte = Number(/^'<\\(\d+)>'$/.exec(near)?.[1] ?? 0)
  return byte < 0x80
    ? undefined
    : 'names consist of the letters A to Z, digits and _; other characters belong in strings'
}
