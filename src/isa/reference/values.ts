/** The libraries of Lua that work on strings, tables and integers. */
import type { LibraryEntry } from './entry.ts'

export const STRING: LibraryEntry = {
  text: 'Strings of bytes; also as methods: s:upper().',
  functions: {
    byte: ['(s: string, i?: integer, j?: integer): integer', 'The bytes from i to j; by default the first.'],
    char: ['(...: integer): string', 'The string of these bytes.'],
    find: [
      '(s: string, pattern: string, init?: integer, plain?: boolean): integer|nil, integer?, any',
      'Where a pattern first matches, and its captures.',
    ],
    format: [
      '(form: string, ...: any): string',
      'A text with values in place of %d, %i, %x, %X, %o, %c, %s, %q, %p; no conversions of floats.',
    ],
    gmatch: ['(s: string, pattern: string, init?: integer): function', 'Iterates over all matches.'],
    gsub: [
      '(s: string, pattern: string, by: string|table|function, n?: integer): string, integer',
      'Replaces matches, at most n; also returns how many there were.',
    ],
    len: ['(s: string): integer', 'The length in bytes.'],
    lower: ['(s: string): string', 'With the letters A to Z in lower case.'],
    match: [
      '(s: string, pattern: string, init?: integer): any',
      'The captures of the first match, or all of it.',
    ],
    pack: ['(form: string, ...: any): string', 'Integers and strings in binary form; no floats.'],
    packsize: ['(form: string): integer', 'The size of what pack makes of a format of fixed size.'],
    rep: ['(s: string, n: integer, separator?: string): string', 'The string n times.'],
    reverse: ['(s: string): string', 'The bytes from the last to the first.'],
    sub: [
      '(s: string, i: integer, j?: integer): string',
      'The bytes from i to j; negative positions count from the end.',
    ],
    unpack: [
      '(form: string, s: string, position?: integer): any',
      'The values of a packed string, and the position behind them.',
    ],
    upper: ['(s: string): string', 'With the letters a to z in upper case.'],
  },
}

export const TABLE: LibraryEntry = {
  text: 'Tables as lists.',
  functions: {
    concat: [
      '(list: table, separator?: string, i?: integer, j?: integer): string',
      'The strings and integers of a list, joined.',
    ],
    insert: ['(list: table, position_or_value: any, value?: any)', 'Inserts a value, by default at the end.'],
    move: [
      '(from: table, first: integer, last: integer, at: integer, to?: table): table',
      'Copies elements, also within one table; returns the destination.',
    ],
    pack: ['(...: any): table', 'A list of the arguments, with their number in the field n.'],
    remove: [
      '(list: table, position?: integer): any',
      'Removes an element, by default the last one, and returns it.',
    ],
    sort: ['(list: table, less?: function)', 'Sorts a list in place.'],
    unpack: ['(list: table, i?: integer, j?: integer): any', 'The elements of a list as values.'],
  },
}

export const MATH: LibraryEntry = {
  text: 'Functions on integers. What the reference has for floats is absent.',
  functions: {
    abs: ['(n: integer): integer', 'Without its sign; the smallest integer stays as it is.'],
    ceil: ['(n: integer): integer', 'The integer itself.'],
    floor: ['(n: integer): integer', 'The integer itself.'],
    fmod: ['(a: integer, b: integer): integer', 'The remainder, with the sign of a.'],
    max: ['(n: integer, ...: integer): integer', 'The largest.'],
    min: ['(n: integer, ...: integer): integer', 'The smallest.'],
    random: [
      '(m: integer, n?: integer): integer',
      'A random integer from m to n, or from 1 to m; of all bits for m = 0.',
    ],
    randomseed: ['(x?: integer, y?: integer): integer, integer', 'Sets the seed of random.'],
    tointeger: ['(v: any): integer|nil', 'The integer that a value stands for, or nil.'],
    type: ['(v: any): string|nil', '"integer", or nil for what is no number.'],
    ult: ['(a: integer, b: integer): boolean', 'Whether a is below b, both taken without sign.'],
  },
  values: {
    maxinteger: { type: 'integer', text: 'The largest integer, 2^63 - 1.' },
    mininteger: { type: 'integer', text: 'The smallest integer, -2^63.' },
  },
}

export const UTF8: LibraryEntry = {
  text: 'Strings in UTF-8.',
  functions: {
    char: ['(...: integer): string', 'The string of these characters.'],
    codepoint: [
      '(s: string, i?: integer, j?: integer, lax?: boolean): integer',
      'The characters that begin from byte i to byte j.',
    ],
    codes: [
      '(s: string, lax?: boolean): function, string, integer',
      'Iterates over positions and characters.',
    ],
    len: [
      '(s: string, i?: integer, j?: integer, lax?: boolean): integer|nil, integer?',
      'How many characters begin from byte i to byte j; nil and the position of the first byte that is no UTF-8.',
    ],
    offset: [
      '(s: string, n: integer, i?: integer): integer|nil',
      'Where the n-th character from byte i begins.',
    ],
  },
  values: { charpattern: { type: 'string', text: 'A pattern that matches one character.' } },
}
