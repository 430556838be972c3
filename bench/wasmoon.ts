/** The peer wasmoon: the reference implementation of Lua in WebAssembly (npm package, optional). */
import { readFile } from 'node:fs/promises'
import { asFunction, COLLECT_OUTPUT, type Engine, processorTime, type Session } from './engine.ts'

/** The part of wasmoon's interface that is used here. */
interface Wasmoon {
  readonly LuaFactory: new () => { createEngine(): Promise<WasmoonEngine> }
}

interface WasmoonEngine {
  doStringSync(source: string): unknown
  readonly global: { close(): void }
}

const importWasmoon = async (): Promise<Wasmoon> => {
  const name: string = 'wasmoon'
  return (await import(name)) as Wasmoon
}

const open = async (file: string): Promise<Session> => {
  const { LuaFactory } = await importWasmoon()
  const engine = await new LuaFactory().createEngine()
  engine.doStringSync(COLLECT_OUTPUT)
  engine.doStringSync(asFunction(await readFile(file, 'utf8')))
  return {
    async run() {
      engine.doStringSync('collectgarbage()')
      const ms = await processorTime(() => engine.doStringSync('BENCH()'))
      return { ms, output: String(engine.doStringSync('return OUTPUT()')) }
    },
    async close() {
      engine.global.close()
    },
  }
}

export const wasmoon: Engine = {
  name: 'wasmoon',
  available: () =>
    importWasmoon().then(
      () => undefined,
      () => 'not installed (npm install --no-save wasmoon)',
    ),
  open,
}
