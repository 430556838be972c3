/** Texts for the compiler: made by the grammar of Lua, and others with something changed. One char for each byte. */
import { programOf, sourceOf } from './program.ts'
import { Random } from './random.ts'

const NAMES = ['a', 'b', 'c', 'x', '_ENV', 'self', 'print', 't', 'goto_', 'endx']
const NUMERALS = [
  '0',
  '1',
  '42',
  '0x7fffffffffffffff',
  '9223372036854775807',
  '0xfffffffffffffffffff',
  '00012',
  '7e0',
]
const STRINGS = [
  "''",
  '"a"',
  "'\\n\\t\\\\\\''",
  '"\\x41\\065\\u{48}\\z  \n  b"',
  '[[long]]',
  '[==[\n]]]=]]==]',
  "'\\\r\n'",
  '"\\u{7fffffff}\xe9"',
]
const BINARY = [
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '^',
  '..',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '~=',
  'and',
  'or',
  '&',
  '|',
  '~',
  '<<',
  '>>',
]
const UNARY = ['-', 'not ', '#', '~']
const SPACES = [' ', ' ', ' ', '\n', '\t', '\r\n', ' --c\n', '--[[c\n]] ', '--[==[ ]] ]==]', ' \f\v']
/** Pieces that mutations insert. */
const PIECES = [
  ...[
    'end',
    'do',
    'then',
    'else',
    'elseif',
    'until',
    'repeat',
    'function',
    'local',
    'return',
    'break',
    'goto a',
    '::a::',
  ],
  ...[
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    ';',
    ':',
    '.',
    '..',
    '...',
    '=',
    '==',
    '~',
    '<const>',
    '<close>',
    '<x>',
    '"',
    "'",
  ],
  ...[
    '[[',
    ']]',
    '--',
    '--[[',
    '\\',
    '\n',
    '\r',
    '\0',
    '\xff',
    '\xc3\xa9',
    '#',
    '0x',
    '1e',
    '1..2',
    '3x',
    '$',
    '@',
    '\\q',
    '"\\300"',
  ],
  ...['local a <const> = 1 a = 2', 'local _ENV <const> = 1', 'local a <close>, b <close>', 'x = = 1'],
]

class Grammar {
  readonly #random: Random
  /** What may still be made: texts end. */
  #room: number

  constructor(random: Random) {
    this.#random = random
    this.#room = 10 + random.below(80)
  }

  block(depth: number): string {
    const statements = this.#random.some(0, depth > 3 ? 2 : 5, () => this.#statement(depth))
    if (this.#random.chance(15)) statements.push(`return ${this.#random.chance(70) ? this.#list(depth) : ''}`)
    return statements.join(this.#random.chance(10) ? ';' : this.#space())
  }

  #space(): string {
    return this.#random.chance(80) ? ' ' : this.#random.one(SPACES)
  }

  #name(): string {
    return this.#random.one(NAMES)
  }

  #list(depth: number): string {
    return this.#random.some(1, 3, () => this.#expression(depth + 1)).join(',')
  }

  #expression(depth: number): string {
    const r = this.#random
    if (depth > 6 || this.#room-- <= 0) return r.one([this.#name(), r.one(NUMERALS), 'nil'])
    return r.call([
      () => this.#name(),
      () => r.one(NUMERALS),
      () => r.one(STRINGS),
      () => r.one(['nil', 'true', 'false', '...']),
      () => this.#suffixed(depth),
      () =>
        `${this.#expression(depth + 1)}${this.#space()}${r.one(BINARY)}${this.#space()}${this.#expression(depth + 1)}`,
      () => `${this.#expression(depth + 1)} ${r.one(BINARY)} ${this.#expression(depth + 1)}`,
      () => `${r.one(UNARY)}${this.#expression(depth + 1)}`,
      () => `(${this.#expression(depth + 1)})`,
      () => `{${r.some(0, 4, () => this.#field(depth + 1)).join(r.one([',', ';', ', ']))}}`,
      () => `function${this.#body(depth + 1)}`,
    ])
  }

  #field(depth: number): string {
    return this.#random.call([
      () => this.#expression(depth),
      () => `${this.#name()} = ${this.#expression(depth)}`,
      () => `[${this.#expression(depth)}]=${this.#expression(depth)}`,
    ])
  }

  #suffixed(depth: number): string {
    const r = this.#random
    const suffixes = r.some(0, 3, () =>
      r.call([
        () => `.${this.#name()}`,
        () => `[${this.#expression(depth + 1)}]`,
        () => `(${r.chance(70) ? this.#list(depth) : ''})`,
        () => `:${this.#name()}(${r.chance(70) ? this.#list(depth) : ''})`,
        () => r.one(STRINGS),
      ]),
    )
    return `${r.chance(80) ? this.#name() : `(${this.#expression(depth + 1)})`}${suffixes.join('')}`
  }

  #body(depth: number): string {
    const parameters = this.#random.some(0, 3, () => this.#name())
    if (this.#random.chance(25)) parameters.push('...')
    return `(${parameters.join(',')})${this.#space()}${this.block(depth + 1)}${this.#space()}end`
  }

  #statement(depth: number): string {
    const r = this.#random
    if (depth > 5 || this.#room-- <= 0) return `${this.#name()}()`
    const inner = () => `${this.#space()}${this.block(depth + 1)}${this.#space()}`
    return r.call([
      () => `${this.#suffixed(depth)}(${r.chance(60) ? this.#list(depth) : ''})`,
      () =>
        `${r.some(1, 3, () => (r.chance(60) ? this.#name() : `${this.#name()}.${this.#name()}`)).join(',')} = ${this.#list(depth)}`,
      () =>
        `local ${r.some(1, 3, () => this.#name() + r.one(['', '', '', ' <const>', ' <close>'])).join(',')}${r.chance(80) ? ` = ${this.#list(depth)}` : ''}`,
      () => `do${inner()}end`,
      () => `while ${this.#expression(depth)} do${inner()}end`,
      () => `repeat${inner()}until ${this.#expression(depth)}`,
      () =>
        `if ${this.#expression(depth)} then${inner()}${r.some(0, 2, () => `elseif ${this.#expression(depth)} then${inner()}`).join('')}${r.chance(40) ? `else${inner()}` : ''}end`,
      () =>
        `for ${this.#name()} = ${this.#expression(depth)}, ${this.#expression(depth)}${r.chance(30) ? `,${this.#expression(depth)}` : ''} do${inner()}end`,
      () => `for ${r.some(1, 3, () => this.#name()).join(',')} in ${this.#list(depth)} do${inner()}end`,
      () => `function ${this.#name()}${r.one(['', '', '.a', '.b.c', ':m'])}${this.#body(depth)}`,
      () => `local function ${this.#name()}${this.#body(depth)}`,
      () => r.one(['break', 'goto a', 'goto b', '::a::', '::b::', '::c::', ';']),
    ])
  }
}

/** The text of a seed. */
export function textOf(seed: number): string {
  const random = new Random(seed)
  const text = random.chance(75) ? new Grammar(random).block(0) : sourceOf(programOf(seed))
  return random.chance(40) ? text : mutated(text, random)
}

function mutated(text: string, random: Random): string {
  let result = text
  for (let n = random.below(4); n >= 0; n--) {
    const at = random.below(result.length + 1)
    const length = random.below(8)
    result = random.call([
      () => result.slice(0, at) + random.one(PIECES) + result.slice(at),
      () => `${result.slice(0, at)} ${random.one(PIECES)} ${result.slice(at)}`,
      () => result.slice(0, at) + result.slice(at + length),
      () => result.slice(0, at),
      () => result.slice(0, at) + result.slice(at, at + length * 4) + result.slice(at),
      () => result.slice(0, at) + String.fromCharCode(random.below(256)) + result.slice(at + 1),
    ])
  }
  return result
}
