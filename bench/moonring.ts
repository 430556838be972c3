/** Moonring itself through the public `State`: in this process, and in the kernel. */
import { readFile } from 'node:fs/promises'
import { asFunction, type Engine, processorTime, reasonOf, type Session } from './engine.ts'

/** The part of the public interface that is used here. */
interface Moonring {
  readonly State: {
    create(options: {
      engine: 'user' | 'kernel'
      memory: number
      fuel?: number
      output?: (bytes: Uint8Array) => void
    }): Promise<MoonringState>
  }
}

interface MoonringState {
  load(source: string, options: { name: string }): Promise<unknown>
  call(name: string, ...args: unknown[]): Promise<unknown> | unknown
  close(): void
}

/** Memory of a state in bytes: room for garbage between collections, as the other engines have. */
const MEMORY = 64 << 20
const LEAST_MEMORY = 64 << 10

const importMoonring = async (): Promise<Moonring> => {
  const entry: string = '../src/index.ts'
  return (await import(/* @vite-ignore */ entry)) as Moonring
}

const open = async (engine: 'user' | 'kernel', file: string): Promise<Session> => {
  const { State } = await importMoonring()
  let printed: Uint8Array[] = []
  const state = await State.create({
    engine,
    memory: MEMORY,
    fuel: Number.MAX_SAFE_INTEGER,
    output: (bytes) => printed.push(bytes.slice()),
  })
  await state.load(asFunction(await readFile(file, 'utf8')), { name: file })
  return {
    async run() {
      printed = []
      await state.call('collectgarbage')
      const ms = await processorTime(() => state.call('BENCH'))
      return { ms, output: Buffer.concat(printed).toString('latin1') }
    },
    async close() {
      state.close()
    },
  }
}

export const moonring: Engine = {
  name: 'moonring',
  available: () =>
    importMoonring().then(
      () => undefined,
      (error: unknown) => `cannot be loaded: ${reasonOf(error)}`,
    ),
  open: (file) => open('user', file),
}

/** Why the kernel can't run states here. */
const kernelMissing = async (): Promise<string | undefined> => {
  try {
    const { State } = await importMoonring()
    ;(await State.create({ engine: 'kernel', memory: LEAST_MEMORY })).close()
    return undefined
  } catch (error) {
    return `cannot be used: ${reasonOf(error)}`
  }
}

/** The same VM in the kernel. The time that this process spends there is its processor time, too. */
export const moonringKernel: Engine = {
  name: 'moonring-kernel',
  available: kernelMissing,
  open: (file) => open('kernel', file),
}
