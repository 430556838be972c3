/** What Lua has and Moonring has not, with what to use instead: for `moonring check`. */
import { BASIC, REFERENCE } from './index.ts'

const FLOATS =
  'it works on floats, and all numbers here are 64-bit integers; count in a smaller unit, or use a table'
const OLD = 'it went with Lua 5.1'
const FILES = "a script has no files; use what the state's owner registers, and print"

/** Names of functions and values, or of libraries that are absent altogether, by what to do instead. */
const HINTS: Readonly<Record<string, string>> = {
  io: FILES,
  'io.write': 'use print',
  'io.read': "a script has no input; arguments are in '...'",
  os: "a script has no operating system but what the state's owner registers",
  'os.time': 'there is no clock of the day; whoever makes the state can register one',
  'os.clock': 'there is no clock; what a call may use is limited by fuel',
  'os.date': 'there is no clock of the day; whoever makes the state can register one',
  'os.getenv': "pass settings as arguments, in '...'",
  'os.exit': 'return from the main chunk, or raise an error',
  'string.dump': 'binary chunks can be neither written nor loaded; keep the source text',
  'debug.debug': 'a script has no input',
  'debug.getuservalue': 'there is no userdata with user values',
  'debug.setuservalue': 'there is no userdata with user values',
  'debug.setcstacklimit': 'no C stack is used',
  'math.huge': 'the largest number is math.maxinteger',
  'math.pi': 'scale it: 355 * n // 113 is close to n * pi',
  'math.sqrt': "find an integer root by Newton's method: x = (x + n // x) // 2",
  'math.log': 'for powers of two count shifts: n >> 1 until it is 0',
  'math.modf': 'integers have no fraction; // and % divide',
  'math.pow': 'write a ^ b',
  unpack: `${OLD}; use table.unpack`,
  loadstring: `${OLD}; use load`,
  setfenv: `${OLD}; give load an environment, or declare a local _ENV`,
  getfenv: `${OLD}; the globals are _ENV`,
  module: `${OLD}; return a table`,
  'table.getn': `${OLD}; use #`,
  'table.maxn': `${OLD}; use #`,
  'string.gfind': `${OLD}; use string.gmatch`,
  bit32: 'operators work on integers: & | ~ << >>',
}

const FLOAT_FUNCTIONS = 'acos asin atan atan2 cos cosh deg exp frexp ldexp log10 rad sin sinh tan tanh'

const BY_NAME = new Map([
  ...FLOAT_FUNCTIONS.split(' ').map((name) => [`math.${name}`, FLOATS] as const),
  ...Object.entries(HINTS),
])

function isDescribed(library: string, name: string): boolean {
  const entry = REFERENCE[library]
  return entry !== undefined && (name in entry.functions || name in (entry.values ?? {}))
}

/**
 * What to use instead of a global, or of a field of one; undefined for what is there, and for what no Lua has.
 * A field of a library that is absent is absent with it.
 */
export function hintForAbsent(global: string, field?: string): string | undefined {
  if (field === undefined)
    return isDescribed(BASIC, global) || global in REFERENCE ? undefined : BY_NAME.get(global)
  if (isDescribed(global, field)) return undefined
  return BY_NAME.get(`${global}.${field}`) ?? (global in REFERENCE ? undefined : BY_NAME.get(global))
}
