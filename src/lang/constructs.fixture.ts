/** Texts of any length, each of one construct: whatever takes the compiler more than its share of time shows in one of them. */

/** The unit again and again, up to about `bytes` bytes. */
const again = (unit: string, bytes: number): string => unit.repeat(Math.ceil(bytes / unit.length))

/** The same, with a number in each of them. */
function numbered(bytes: number, unit: (i: number) => string): string {
  const units: string[] = []
  for (let i = 0, length = 0; length < bytes; i++) length += units[units.push(unit(i)) - 1]!.length
  return units.join('')
}

const LOCALS = Array.from({ length: 190 }, (_, i) => `local l${i} `).join('')
const names = (count: number) => Array.from({ length: count }, (_, i) => `u${i}`).join(', ')
const NESTED_UPVALUES = `local ${names(180)} ${'return function() '.repeat(80)}${Array.from({ length: 180 }, (_, i) => `u${i}() `).join('')}${'end '.repeat(80)}`

/** Blocks that are entered from the last to the first: what one needs reaches the others one after the other. */
function backwardGotos(bytes: number): string {
  const count = Math.floor(bytes / 26)
  return `goto l${count} ::l0:: do return end ${Array.from({ length: count }, (_, i) => `::l${i + 1}:: f() goto l${i} `).join('')}`
}

export const CONSTRUCTS: Readonly<Record<string, (bytes: number) => string>> = {
  statements: (n) => again('x = 1 ', n),
  'short calls': (n) => again("f'' ", n),
  'calls of fields': (n) => again('f(a, b.c, 1)\n', n),
  '+': (n) => `x = a${again(' + a', n)}`,
  '+ with constants': (n) => `x = a${again(' + 1', n)}`,
  '..': (n) => `x = a${again(' .. a', n)}`,
  and: (n) => `x = a${again(' and a', n)}`,
  'or in a condition': (n) => `if a${again(' or a', n)} then b() end`,
  'or before a break': (n) => `while a do if a${again(' or a', n)} then break end end`,
  'and with or': (n) => `x = a${again(' and a or b', n)}`,
  'nested and with or': (n) => again(`x = ${'(a and (b or '.repeat(45)}c${'))'.repeat(45)} `, n),
  '==': (n) => `x = a${again(' == a', n)}`,
  'many ==': (n) => again('x = a == b ', n),
  'unary operators': (n) => `x = ${again('- - ~a +', n)} 1`,
  parentheses: (n) => `x = ${again(`${'('.repeat(150)}a${')'.repeat(150)}+`, n)}1`,
  locals: (n) => again(`do ${'local a '.repeat(190)}end `, n),
  'statements under many locals': (n) => LOCALS + again('x = l7 ', n),
  'functions under many locals': (n) => LOCALS + again('function f() return l7 end ', n),
  'returns under many locals': (n) => LOCALS + again('do return end ', n),
  'upvalues of nested functions': (n) => again(`do ${NESTED_UPVALUES} end `, n),
  'constant strings': (n) => numbered(n, (i) => `x='s${i}' `),
  'constant integers': (n) => numbered(n, (i) => `x=${i * 7919 + 5_000_000_000} `),
  globals: (n) => numbered(n, (i) => `g${i}=1 `),
  labels: (n) => numbered(n, (i) => `::l${i}:: `),
  'gotos and then labels': (n) =>
    numbered(n / 2, (i) => `do goto l${i} end `) + numbered(n / 3, (i) => `::l${i}:: `),
  'gotos to one label': (n) => `${again('do goto x end ', n)}::x::`,
  'gotos back': (n) => `::x:: ${again('do goto x end ', n)}`,
  'gotos from the last to the first': backwardGotos,
  'gotos out of nested blocks': (n) => `${again(`${'do '.repeat(150)}goto x ${'end '.repeat(150)}`, n)}::x::`,
  'nested loops': (n) => again('while a do while a do while a do f(g(1), x and y) end end end ', n),
  'nested functions': (n) =>
    again('x = function() return function() return function() return a end end end ', n),
  functions: (n) => again('function f() end ', n),
  'lists of targets': (n) => again(`a${',a'.repeat(180)}=1 `, n),
  'lists of fields as targets': (n) => `local a,b ${again(`a[b]${',a[b]'.repeat(100)}=1 `, n)}`,
  arguments: (n) => again(`f(a${',a'.repeat(230)}) `, n),
  'tests under many registers': (n) =>
    again(`f(a${',a'.repeat(200)},a and b,a or b${',a == b'.repeat(20)}) `, n),
  'list elements': (n) => `x = {${again('1,', n)}}`,
  'named fields': (n) => `x = {${again('a=1,', n)}}`,
  'nested tables': (n) => `x = {${again('{{{}}},', n)}}`,
  'chain of calls': (n) => `f${again('()', n)}`,
  'chain of fields': (n) => `x = a${again('.b', n)}`,
  elseif: (n) => `if a then ${again('elseif a then ', n)}end`,
  if: (n) => again('if a then b() else c() end ', n),
  'long string': (n) => `x = [[${again('abc\n', n)}]]`,
  string: (n) => `x = '${again('abcdef', n)}'`,
  escapes: (n) => `x = '${again('\\n', n)}'`,
  'long comment': (n) => `--[[${again('abc\n', n)}]]`,
  comments: (n) => again('-- abc\n', n),
  'empty lines': (n) => again('\n', n),
  'hexadecimal digits': (n) => `x = 0x${again('1', n)}`,
  'decimal digits': (n) => `x = ${again('0', n)}1`,
  // what can't be compiled
  'escapes that do not exist': (n) => `x = '${again('\\q', n)}'`,
  'assignments to a constant': (n) => `local x <const> = 1 ${again('x=2\n', n)}`,
  'assignments to a constant on the last lines': (n) =>
    `local x <const> = 1 ${again('\n', n)}${'x=2\n'.repeat(60)}`,
  'errors on one line': (n) => again('= ', n),
  'errors on many lines': (n) => again('=\n', n),
  'closing parentheses': (n) => again(') ', n),
  'gotos without labels': (n) => numbered(n, (i) => `goto l${i} `),
  'one label again and again': (n) => again('::a:: ', n),
  'breaks outside loops': (n) => again('break ', n),
  'functions without ends': (n) => again('function f(', n),
  'bytes that start nothing': (n) => again('\x01', n),
  'long brackets that do not open': (n) => again('[=', n),
  '... outside': (n) => `function f() ${again('x = ... ', n)}end`,
  'strings without ends': (n) => again("f'\n", n),
}
