/**
 * Scripts that ask for as much work as they can in few instructions, each of another kind: what an instruction does
 * beyond its own must be paid for, or time would not follow fuel. bench/fuel.ts measures the time,
 * test/spendthrifts.test.ts counts how often each comes round.
 */

export interface Spendthrift {
  /** What is kept ready, in at most 1 MiB. */
  readonly prepare: string
  /** What is done again and again. */
  readonly round: string
  /** How often at the most with 100,000 units of fuel: work of so many bytes, values, slots or frames each. */
  readonly rounds: number
}

const LONG = "local a, b = ('x'):rep(200000), ('x'):rep(200000)"
const SPACES = "local s = (' '):rep(100000) .. '1'"
const CLEARED = 'local t = {} for i = 1, 20000 do t[i] = i end for i = 1, 20000 do t[i] = nil end'
const LIST = 'local t = {} for i = 1, 5000 do t[i] = i end'
const TABLES = 'live = {} for i = 1, 5000 do live[i] = {} end'
const CHAIN = 'local t = {} for i = 1, 1500 do t = setmetatable({}, { __index = t, __newindex = t }) end'

/** A recursion of 3,000 frames, in the last of which the rounds are made. */
const deep = (round: string): string =>
  `local function deep(n) if n == 0 then while true do rounds = rounds + 1 ${round} end end deep(n - 1) return 1 end deep(3000)`

export const SPENDTHRIFTS: Readonly<Record<string, Spendthrift>> = {
  'long strings that are equal': { prepare: LONG, round: 'if a ~= b then break end', rounds: 30 },
  'long strings in order': { prepare: LONG, round: 'if a < b then break end', rounds: 30 },
  'long strings as keys': { prepare: `${LONG} local t = { [a] = 1 }`, round: 'local x = t[b]', rounds: 30 },
  'numerals among spaces': { prepare: SPACES, round: 'local x = s + 1', rounds: 20 },
  'numerals by tonumber': { prepare: SPACES, round: 'tonumber(s)', rounds: 20 },
  'empty slots of a table': { prepare: CLEARED, round: 'next(t)', rounds: 60 },
  'a traversal of empty slots': { prepare: CLEARED, round: 'for _ in pairs(t) do end', rounds: 60 },
  varargs: { prepare: `${LIST} local g = function() end`, round: 'g(table.unpack(t))', rounds: 60 },
  'lists of varargs': { prepare: LIST, round: 'local x = { table.unpack(t) }', rounds: 60 },
  'arguments of library functions': { prepare: LIST, round: 'math.max(table.unpack(t))', rounds: 60 },
  'values through coroutines': {
    prepare: LIST,
    round: 'local w = coroutine.wrap(function(...) coroutine.yield(...) end) w(table.unpack(t))',
    rounds: 60,
  },
  'chains of __index': { prepare: CHAIN, round: 'local x = t.y', rounds: 120 },
  'chains of __newindex': { prepare: CHAIN, round: 't.y = nil', rounds: 120 },
  'chains of __call': {
    prepare:
      'local f = print for i = 1, 190 do f = setmetatable({}, { __call = f }) end print = function() end',
    round: 'pcall(f)',
    rounds: 12000,
  },
  'levels of a deep stack': { prepare: '', round: deep("debug.getinfo(2900, 'l')"), rounds: 20 },
  'tracebacks of a deep stack': { prepare: '', round: deep('debug.traceback()'), rounds: 10 },
  'positions of a deep stack': { prepare: '', round: deep("pcall(error, 'x', 2900)"), rounds: 20 },
  'errors from a deep stack': {
    prepare: 'local function deep(n) if n == 0 then error() end deep(n - 1) return 1 end',
    round: 'pcall(deep, 3000)',
    rounds: 12,
  },
  'pairs that come and go': {
    prepare: 'local t, i = {}, 4096 for i = 1, 4095 do t[i * 7919] = true end',
    round: 't[(i - 4095) * 7919] = nil t[i * 7919] = true i = i + 1',
    rounds: 15000,
  },
  'lines of a long function': {
    prepare: "local f = load(('x = 1 '):rep(5000))",
    round: "debug.getinfo(f, 'L')",
    rounds: 20,
  },
  'whole collections': { prepare: TABLES, round: 'collectgarbage()', rounds: 60 },
  'steps of the collector': { prepare: TABLES, round: "collectgarbage('step', 1000)", rounds: 60 },
  'repeated strings': { prepare: '', round: "('x'):rep(200000)", rounds: 12 },
  concatenation: { prepare: LONG, round: "local x = a .. 'y'", rounds: 40 },
  'joined lists': { prepare: LIST, round: 'table.concat(t)', rounds: 60 },
  'moved elements': { prepare: LIST, round: 'table.insert(t, 1, 0) table.remove(t, 1)', rounds: 60 },
  sorting: { prepare: LIST, round: 'table.sort(t)', rounds: 12 },
  patterns: { prepare: "local s = ('x'):rep(2000)", round: "s:find('.-.-y')", rounds: 2 },
  'plain searches': { prepare: LONG, round: "a:find('xy', 1, true)", rounds: 40 },
  substitutions: { prepare: "local s = ('x'):rep(5000)", round: "s:gsub('x', 'y')", rounds: 40 },
  formats: { prepare: "local s = ('x'):rep(50000)", round: "('%s'):format(s)", rounds: 40 },
  'packed strings': {
    prepare: "local s = ('x'):rep(50000)",
    round: "string.unpack('s4', string.pack('s4', s))",
    rounds: 40,
  },
  'UTF-8': { prepare: "local s = ('x'):rep(50000)", round: 'utf8.len(s) utf8.offset(s, 49000)', rounds: 40 },
  errors: { prepare: '', round: 'pcall(error)', rounds: 20000 },
  tables: { prepare: '', round: 'local t = {}', rounds: 40000 },
  coroutines: { prepare: '', round: 'coroutine.create(print)', rounds: 20000 },
  strings: { prepare: 'local i = 0', round: "i = i + 1 local s = 'abcdef' .. i", rounds: 20000 },
}

/** A script with a global function `endless`, which counts its rounds in the global `rounds`. */
export function spendthriftScript({ prepare, round }: Spendthrift): string {
  return `${prepare}\nrounds = 0\nfunction endless() while true do rounds = rounds + 1 ${round} end end`
}
