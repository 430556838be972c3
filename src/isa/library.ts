/**
 * The library functions that the VM implements itself ("builtins"): one table from which the VM's
 * dispatcher, the image builder and the documentation follow. Functions written in Lua are in vm/lua.
 *
 * A builtin is `handler(args, count): results` in vm/assembly/lib/<module>.ts: `args` is the address of
 * its first argument, results are written from `args - 16` on, and the value is their number, or
 * CONTROL (-1: the frame changed or an error was raised; go on at G_NEXT_PC) or NO_ROOM (-2: collect and
 * execute the call again) or AGAIN (-3: out of fuel half-way; execute the call again later).
 */
export interface Builtin {
  /** Qualified name as scripts see it, or `%name` for a primitive that only vm/lua sees. */
  readonly name: string
  /** Name that error messages show. */
  readonly shown: string
  readonly module: string
  readonly handler: string
}

// biome-ignore format: a paragraph for each file
const MODULES: Readonly<Record<string, readonly string[]>> = {
  base: [
    'type', 'rawget', 'rawset', 'rawequal', 'rawlen', 'next', 'select', 'getmetatable', 'setmetatable',
    'tonumber', 'tostring', 'ipairs', '%ipairsnext', 'pairs', 'assert', 'error', 'pcall', 'xpcall',
    '%request', '%collect', '%metafield', '%finalize', '%handlerof',
  ],
  coroutine: [
    'coroutine.create', 'coroutine.resume', 'coroutine.yield', 'coroutine.status', 'coroutine.isyieldable',
    'coroutine.running', 'coroutine.wrap', '%wrapped', 'coroutine.close',
  ],
  string: [
    'string.len', 'string.sub', 'string.byte', 'string.char', 'string.rep', 'string.reverse', 'string.lower',
    'string.upper',
  ],
  pattern: ['string.find', 'string.match', 'string.gmatch', 'string.gsub', '%gmatchnext', '%gsubstart', '%gsubnext'],
  format: ['string.format'],
  pack: ['string.pack', 'string.packsize', 'string.unpack'],
  table: ['table.insert', 'table.remove', 'table.concat', 'table.pack', 'table.unpack', 'table.move', 'table.sort'],
  math: [
    'math.abs', 'math.ceil', 'math.floor', 'math.max', 'math.min', 'math.fmod', 'math.tointeger', 'math.type', 'math.ult', 'math.random',
    'math.randomseed',
  ],
  utf8: ['utf8.char', 'utf8.codepoint', 'utf8.len', 'utf8.offset', 'utf8.codes', '%codesnext', '%codeslax'],
  data: [
    'data.new', 'data.layout', 'data.strict', '%data.segment', '%data.index', '%data.newindex',
    '%data.len', '%data.tostring',
  ],
  packet: ['%packet.sum', '%packet.transport', '%packet.rewrite', '%packet.seal', '%packet.resize'],
  debug: [
    '%getinfo', '%activelines', '%depth', 'debug.sethook', 'debug.gethook', 'debug.getlocal', 'debug.setlocal', 'debug.getupvalue', 'debug.setupvalue', 'debug.upvalueid',
    'debug.upvaluejoin', 'debug.getmetatable', 'debug.setmetatable', 'debug.getregistry',
  ],
}

const handlerOf = (module: string, name: string): string => {
  const last = name.replace('%', '').split('.').pop() as string
  return module + last[0]?.toUpperCase() + last.slice(1)
}

/** All builtins; the number of one is its index. */
export const BUILTINS: readonly Builtin[] = Object.entries(MODULES).flatMap(([module, names]) =>
  names.map((name) => ({
    name,
    shown: name.replace('%', '').split('.').pop() as string,
    module,
    handler: handlerOf(module, name),
  })),
)
