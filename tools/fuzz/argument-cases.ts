/**
 * Calls of library functions with numbers from the edges: of 32 bits, of 53 and of 64. The functions and the types of
 * their parameters are those of src/isa/reference, so a new function is called without being named here.
 */
import { BASIC, REFERENCE } from '../../src/isa/reference/index.ts'
import { type Parameter, parseSignature } from '../generate/signature.ts'
import type { Random } from './random.ts'

/** Numbers that arithmetic of 32 or 64 bits goes wrong with, as Lua writes them. */
export const EDGES: readonly string[] = [
  'math.mininteger',
  'math.mininteger + 1',
  '-1',
  '0',
  '1',
  '2147483647',
  '2147483648',
  '2147483649',
  '4294967295',
  '4294967296',
  '4294967297',
  '1 << 53',
  '1 << 62',
  'math.maxinteger',
]

/** What can be called: `%1`, `%2`, … stand for the arguments. */
export interface Callee {
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** The call with its arguments, as an expression or, if it begins with `do`, as statements. */
  call(args: readonly string[]): string
}

/** Parameters that `...` stands for. */
const MORE = 3
/** Libraries that states have, and the module `packet`, which is compiled when it is asked for. */
const LIBRARIES = [BASIC, 'coroutine', 'string', 'table', 'math', 'utf8', 'data', 'debug', 'packet']
/** Functions that end the chunk, or need files. */
const LEFT_OUT: ReadonlySet<string> = new Set(['coroutine.yield', 'dofile', 'loadfile', 'require', 'print'])

function parametersOf(signature: string): Parameter[] {
  return parseSignature(signature).parameters.flatMap((parameter) =>
    parameter.name === '...' ? Array<Parameter>(MORE).fill({ ...parameter, optional: true }) : [parameter],
  )
}

function libraryFunctions(): Callee[] {
  return LIBRARIES.flatMap((library) =>
    Object.entries(REFERENCE[library]?.functions ?? {}).flatMap(([name, [signature]]) => {
      const qualified = library === BASIC ? name : `${library}.${name}`
      if (LEFT_OUT.has(qualified)) return []
      const called = library === 'packet' ? `require 'packet'.${name}` : qualified
      return [
        {
          name: qualified,
          parameters: parametersOf(signature),
          call: (args) => `${called}(${args.join(', ')})`,
        } satisfies Callee,
      ]
    }),
  )
}

/** The methods of blocks. `block` is an expression for one. */
export function blockMethods(block: string): Callee[] {
  const { methods = {} } = REFERENCE.data?.classes?.['data.block'] ?? {}
  return Object.entries(methods).map(([name, [signature]]) => ({
    name: `block:${name}`,
    parameters: parametersOf(signature),
    call: (args) => `${block}:${name}(${args.join(', ')})`,
  }))
}

const integers = (count: number): Parameter[] =>
  Array<Parameter>(count).fill({ name: 'n', optional: false, type: 'integer' })

/** Numbers that scripts choose elsewhere than in a call of a library function. */
const TEMPLATES: Readonly<Record<string, readonly [count: number, text: string]>> = {
  'numeric for': [
    3,
    'do local n = 0 for i = %1, %2, %3 do n = n + 1 if n > 3 then break end end return n end',
  ],
  'index of a table': [2, 'do local t = { 1, 2, 3 } t[%1] = %2 return #t, t[%1], next(t, %1) end'],
  'field of a layout': [2, "data.new('12345678'):layout({ a = { %1, %2 } }).a"],
  'text of a layout': [2, "data.new('12345678'):layout({ a = { %1, %2, 'string' } }).a"],
  'written field': [
    3,
    "do local b = data.new('12345678'):layout({ a = { %1, %2 } }) b.a = %3 return tostring(b) end",
  ],
  'compiled field': [
    1,
    "do local l = data.layout { a = { 0, 8 } } l.a = %1 local b = data.new('12345678'):layout(l) b.a = 5 return tostring(b), b.a end",
  ],
  'length of a metatable': [
    2,
    'do local t = setmetatable({}, { __len = function() return %1 end, __index = function() error "read" end, __newindex = function(_, k) error(k) end }) return select("#", table.insert(t, %2)) end',
  ],
  'removal by a metatable': [
    2,
    'table.remove(setmetatable({}, { __len = function() return %1 end, __index = function(_, k) error(k) end }), %2)',
  ],
  'unpacking by a metatable': [
    2,
    'table.unpack(setmetatable({}, { __index = function(_, k) error(k) end }), %1, %2)',
  ],
  'moving by a metatable': [
    3,
    'table.move(setmetatable({}, { __index = function(_, k) error(k) end }), %1, %2, %3)',
  ],
  'local of a vararg function': [
    1,
    'do local function f(a, ...) return debug.getlocal(1, %1) end return f(1, 2, 3) end',
  ],
  'level of a coroutine': [1, 'debug.traceback(coroutine.create(function() end), "x", %1)'],
  'size of a pack': [
    1,
    "do local n = %1 return string.packsize('c' .. n), string.pack('!16 c' .. n, 'x') end",
  ],
  shift: [2, '%1 << %2, %1 >> %2'],
  arithmetic: [2, '%1 + %2, %1 - %2, %1 * %2, %2 ~= 0 and %1 // %2, %2 ~= 0 and %1 % %2'],
}

const templates: readonly Callee[] = Object.entries(TEMPLATES).map(([name, [count, text]]) => ({
  name,
  parameters: integers(count),
  call: (args) => text.replace(/%(\d)(?!\d)/g, (_, i: string) => `(${args[Number(i) - 1] ?? 0})`),
}))

/** All that is called. */
export const CALLEES: readonly Callee[] = [
  ...libraryFunctions(),
  ...blockMethods("data.new('12345678')"),
  ...templates,
]

/** Arguments that a function does something with, by the name of their parameter, or else by type. */
const PLAUSIBLE: Readonly<Record<string, readonly string[]>> = {
  form: ["'%d|%5.3d|%-8s|%c|%q'", "'i4>I8bs2z!8Xi4c5'"],
  pattern: ["'(%w)'", "'b()'"],
  option: ["'step'", "'count'", "'setpause'", "'incremental'"],
  path: ["'?.lua'"],
  mode: ["'t'"],
  what: ['0', '3', "'nSl'"],
  integer: ['1', '2', '-1', '3'],
  string: ["'abcabc'", "('x'):rep(50)", "'h\\u{e9}llo'"],
  table: ['{ 5, 4, 3, 2, 1 }', '{}', "{ 'a', 'b', 'c' }"],
  function: ['function(...) return ... end'],
  thread: ['coroutine.create(function(a) return coroutine.yield(a) end)'],
  boolean: ['true'],
  'data.block': ["data.new('12345678')"],
  'data.layout': ['data.layout { a = { 0, 8 } }'],
  'table<string, table>': ['{ a = { 3, 13 } }'],
  any: ['nil', '7', "'abc'", '{ 1, 2 }', 'function(...) return ... end'],
}

/** An argument that fits the parameter. */
export function plausible({ name, type }: Parameter, random: Random): string {
  const types = type.match(/table<[^>]*>|[\w.]+/g) ?? ['any']
  return random.one(PLAUSIBLE[name] ?? PLAUSIBLE[random.one(types)] ?? (PLAUSIBLE.any as readonly string[]))
}

/** Sets back what a case may have changed for all that follow. */
const PRELUDE = `debug.sethook() debug.setmetatable('', { __index = string }) debug.setmetatable(nil, nil)
for _, v in ipairs { 0, true, print } do debug.setmetatable(v, nil) end
collectgarbage 'restart' collectgarbage 'incremental' math.randomseed(1)
local function show(v)
  if type(v) == 'string' then return #v .. ':' .. string.gsub(string.gsub(string.sub(v, 1, 100), '[^ -~]', '?'), '0x%x+', '0x') end
  return math.type(v) == 'integer' and v or type(v)
end
local function report(...)
  local texts = table.pack(...)
  for i = 1, math.min(texts.n, 9) do texts[i] = show(texts[i]) end
  print(texts.n, table.unpack(texts, 1, math.min(texts.n, 9)))
end
`

/** A program that makes the call, and prints its results or its error. */
export function programOf(call: string): string {
  const body = call.startsWith('do ') ? call : `return ${call}`
  return `${PRELUDE}report(pcall(function() ${body} end))\ndebug.sethook()\n`
}

/** A call by chance, with numbers from the edges for some of its arguments. */
export function randomCall(random: Random): string {
  const callee = random.one(CALLEES)
  const args = callee.parameters.map((parameter) =>
    random.chance(60) ? random.one(EDGES) : plausible(parameter, random),
  )
  return callee.call(random.chance(20) ? args.slice(0, random.below(args.length + 1)) : args)
}
