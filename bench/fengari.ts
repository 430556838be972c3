/**
 * The peer fengari: Lua 5.3 in JavaScript (npm package, optional). Its integers have 32 bits, so the
 * benchmarks keep their numbers below 2^31.
 */
import { readFile } from 'node:fs/promises'
import { asFunction, COLLECT_OUTPUT, type Engine, processorTime, type Session } from './engine.ts'

type LuaState = object

/** The part of fengari's interface that is used here. */
interface Fengari {
  readonly lua: {
    lua_pcall(L: LuaState, args: number, results: number, handler: number): number
    lua_tojsstring(L: LuaState, index: number): string
    lua_settop(L: LuaState, index: number): void
  }
  readonly lauxlib: {
    luaL_newstate(): LuaState
    luaL_loadbuffer(L: LuaState, code: Uint8Array, size: number, name: Uint8Array): number
  }
  readonly lualib: { luaL_openlibs(L: LuaState): void }
  to_luastring(text: string): Uint8Array
}

const importFengari = async (): Promise<Fengari> => {
  const name: string = 'fengari'
  const module = (await import(name)) as { default?: Fengari }
  return module.default ?? (module as Fengari)
}

/** A function that runs Lua code in a new state and returns its first result as text. */
const newState = ({ lua, lauxlib, lualib, to_luastring }: Fengari): ((source: string) => string) => {
  const L = lauxlib.luaL_newstate()
  lualib.luaL_openlibs(L)
  const name = to_luastring('@benchmark')
  return (source) => {
    const code = to_luastring(source)
    const failed =
      lauxlib.luaL_loadbuffer(L, code, code.length, name) !== 0 || lua.lua_pcall(L, 0, 1, 0) !== 0
    const result = lua.lua_tojsstring(L, -1)
    lua.lua_settop(L, 0)
    if (failed) throw new Error(result)
    return result
  }
}

const open = async (file: string): Promise<Session> => {
  const execute = newState(await importFengari())
  execute(COLLECT_OUTPUT)
  execute(asFunction(await readFile(file, 'utf8')))
  return {
    async run() {
      const ms = await processorTime(() => execute('BENCH()'))
      return { ms, output: execute('return OUTPUT()') }
    },
    async close() {},
  }
}

export const fengari: Engine = {
  name: 'fengari',
  available: () =>
    importFengari().then(
      () => undefined,
      () => 'not installed (npm install --no-save fengari)',
    ),
  open,
}
