/** Calls of the string library and of utf8, for generated programs. */
import type { Random } from './random.ts'

/** What the calls take their arguments from. */
export interface Arguments {
  int(depth: number): string
  str(depth: number): string
  any(depth: number): string
}

const CLASSES = [
  '%a',
  '%d',
  '%s',
  '%w',
  '%p',
  '%l',
  '%u',
  '%x',
  '%c',
  '%W',
  '%D',
  '%S',
  '.',
  'a',
  'l',
  ',',
  '=',
]
const SETS = ['[abc]', '[^%s]', '[a-z]', '[%w_]', '[^,]', '[%d.-]', '[]x]', '[^]]', '[0-9a-f]']
const PACKED = [
  'b',
  'B',
  'h',
  'H',
  'i4',
  'I4',
  'i8',
  'j',
  'i3',
  'I5',
  '<i2',
  '>i2',
  'z',
  's1',
  's2',
  '!4i4',
  'xB',
  '=I2',
]
const CONVERSIONS = [
  '%d',
  '%5d',
  '%-5d|',
  '%05d',
  '%+d',
  '% d',
  '%.3d',
  '%x',
  '%X',
  '%#x',
  '%o',
  '%c',
  '%i',
  '%u',
  '%-8x|',
]
const TEXTS = ['%s', '%10s', '%-10s|', '%.3s', '%q', '%5.1s']

/** Of a hundred patterns, so many are malformed. */
const FAULTS = 3

/** A pattern, malformed now and then. */
export function pattern(random: Random): string {
  const item = (): string => {
    const single = random.chance(70) ? random.one(CLASSES) : random.one(SETS)
    return single + random.one(['', '', '', '*', '+', '-', '?'])
  }
  const piece = (): string =>
    random.call([
      item,
      item,
      item,
      () => `(${item()}${random.chance(40) ? item() : ''})`,
      () => '()',
      () => random.one(['%b()', '%bxy', '%f[%w]', '%f[%W]', '%f[^%z]']),
    ])
  const body = random.some(1, 4, piece).join('')
  const damaged = random.chance(FAULTS)
    ? body + random.one(['[', '%', '(', ')', '%b', '%f', '[a-', '[%'])
    : body
  return `${random.chance(15) ? '^' : ''}${damaged}${random.chance(15) ? '$' : ''}`
}

const quoted = (text: string): string => `'${text}'`

function replacement(random: Random): string {
  return random.call([
    () => quoted(random.one(['', '<%0>', '%1', '%1%1', '%%', '-', '[%0|%1]'])),
    () => quoted(random.one(['%2', '%9', '%', '%x'])),
    () => `{ a = 'A', l = 1, [' '] = false, ['1'] = 'one', b = 7 }`,
    () => `function(...) return ${random.one(['...', 'nil', 'false', "select('#', ...)", "'r'", '3'])} end`,
  ])
}

function format(random: Random, from: Arguments): string {
  const parts = random.some(1, 3, () =>
    random.chance(50)
      ? { text: random.one(CONVERSIONS), value: from.int(1) }
      : { text: random.one(TEXTS), value: random.chance(60) ? `cut(${from.str(1)})` : `I(${from.int(1)})` },
  )
  const text = parts.map((part) => part.text).join(random.one([' ', '', '%%']))
  return `string.format(${[quoted(text), ...parts.map((part) => part.value)].join(', ')})`
}

function unpack(random: Random, from: Arguments): string {
  const letters = random.some(1, 3, () => random.one(PACKED)).join(' ')
  return `string.unpack(${quoted(letters)}, ${from.str(1)} .. ('q'):rep(${random.below(24)}))`
}

function pack(random: Random, from: Arguments): string {
  const letters = random.some(1, 3, () => random.one(PACKED))
  const values = letters.map((letter) => (/[zs]/.test(letter) ? from.str(1) : from.int(1)))
  return `string.pack(${[quoted(letters.join(' ')), ...values].join(', ')})`
}

/** A call with any number of results of any type. */
export function stringCall(random: Random, from: Arguments, depth: number): string {
  const s = () => from.str(depth - 1)
  const i = () => from.int(depth - 1)
  const p = () => quoted(pattern(random))
  return random.call([
    () => `(${s()}):find(${p()}${random.chance(30) ? `, ${i()}` : ''})`,
    () => `(${s()}):find(${s()}, ${i()}, true)`,
    () => `(${s()}):match(${p()}${random.chance(30) ? `, ${i()}` : ''})`,
    () => `(${s()}):gsub(${p()}, ${replacement(random)}${random.chance(20) ? `, ${i()}` : ''})`,
    () => `(${s()}):gsub(${p()}, ${replacement(random)})`,
    () => `(${s()}):byte(${i()}, ${i()})`,
    () => `string.packsize(${quoted(random.one(PACKED))})`,
    () => unpack(random, from),
    () => `tonumber(${s()}, ${2 + random.below(35)})`,
    () => `utf8.len(${s()}${random.chance(40) ? `, ${i()}` : ''})`,
    () => `utf8.codepoint(${s()}, ${i()})`,
    () => `utf8.offset(${s()}, ${i()})`,
  ])
}

/** A call that gives a string. */
export function stringValue(random: Random, from: Arguments, depth: number): string {
  const s = () => from.str(depth - 1)
  const i = () => from.int(depth - 1)
  const p = () => quoted(pattern(random))
  return random.call([
    () => `(${s()}):sub(${i()}, ${i()})`,
    () => `(${s()}):sub(${i()})`,
    () => `(${s()}):${random.one(['upper', 'lower', 'reverse'])}()`,
    () => `cut((${s()}):rep(${i()} % 5${random.chance(40) ? `, ${s()}` : ''}))`,
    () => `string.char(${i()} & 255, ${i()} & 127)`,
    () => `utf8.char(${i()} & 0x3fff)`,
    () => format(random, from),
    () => pack(random, from),
    () => `((${s()}):gsub(${p()}, ${replacement(random)}))`,
    () => `table.concat({ ${s()}, ${i()}, ${s()} }, ${s()})`,
  ])
}
