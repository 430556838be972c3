/** Metatables of generated programs. Their functions use nothing that has metamethods, so they end. */
import type { Random } from './random.ts'
import { compound, type Node } from './tree.ts'

// biome-ignore format: a paragraph
const EVENTS = [
  'add', 'sub', 'mul', 'idiv', 'div', 'mod', 'pow', 'unm', 'band', 'bor', 'bxor', 'bnot', 'shl', 'shr', 'concat',
  'len', 'eq', 'lt', 'le', 'call', 'close',
]
const VALUES = [
  'type(a)',
  "type(a) == 'table' and rawget(a, 'v')",
  'rawequal(a, b)',
  'b',
  '7',
  "'mm'",
  'true',
  'nil',
  '{ v = 2 }',
  'V(1, 2)',
]

function handler(random: Random, event: string): string {
  const body = random.chance(6)
    ? `error(${random.one(["'raised'", "'plain', 0", '{ v = 1 }', 'nil', "'far', 2"])})`
    : `return ${random.one(VALUES)}`
  return `function(a, b${random.chance(20) ? ', ...' : ''}) P('${event}', type(a), type(b)) ${body} end`
}

/** A metamethod, now and then one that can't be called. */
function method(random: Random, event: string): string {
  return random.chance(4) ? random.one(['7', "'mm'", '{}', 'true']) : handler(random, event)
}

/** `local NAME = { … }`; `parent` is a table that __index and __newindex can lead to. */
export function metatable(random: Random, name: string, parent: string | undefined): Node {
  const fields: string[] = []
  for (const event of EVENTS) if (random.chance(45)) fields.push(`__${event} = ${method(random, event)},`)
  const table = parent ?? "{ x = 'inherited' }"
  fields.push(
    random.call([
      () => `__index = ${table},`,
      () => "__index = function(t, k) P('index', k) return k end,",
      () => "__index = function(t, k) return rawget(t, 'v') end,",
      () => '__index = nil,',
      () => "__index = 'text',",
    ]),
    random.call([
      () => `__newindex = ${table},`,
      () => "__newindex = function(t, k, v) P('newindex', k, v) rawset(t, k, v) end,",
      () => "__newindex = function(t, k) error('read-only', 2) end,",
      () => '__newindex = nil,',
    ]),
    random.call([() => '__name = 5,', () => '__metatable = false,', () => '', () => '']),
    random.call([() => "__tostring = function() return 'T' end,", () => '', () => '']),
    random.call([() => "__pairs = function(t) return V, 'p', 'q', 'r' end,", () => '', () => '']),
  )
  return compound(
    `local ${name} = {`,
    fields.filter((field) => field !== ''),
    '}',
  )
}
