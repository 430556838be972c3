/** Runs generated programs in Moonring's engines. */

import { CompileError } from '../../src/lang/diagnostics.ts'
import type { Instance } from '../../src/state/engine.ts'
import { LuaError } from '../../src/state/errors.ts'
import { KernelInstance } from '../../src/state/kernel-engine.ts'
import { State } from '../../src/state/state.ts'
import { CHUNK, ending } from './reference.ts'

/** Instructions, far more than a program needs. */
const FUEL = 20_000_000
/** Bytes. */
const MEMORY = 4 << 20

/** The message of an error as the reference's runner shows it. */
function messageOf({ value }: LuaError): string {
  if (typeof value === 'string' || value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  return 'no text'
}

function run(source: string, engine?: (bytes: number) => Instance): string {
  const printed: Uint8Array[] = []
  const options = {
    fuel: FUEL,
    memory: MEMORY,
    seed: 1,
    output: (text: Uint8Array) => printed.push(text.slice()),
  }
  const state = new State(options, engine)
  let error: string | undefined
  try {
    state.loadSync(source, { name: CHUNK })
  } catch (thrown) {
    if (thrown instanceof LuaError) error = messageOf(thrown)
    else if (thrown instanceof CompileError) error = thrown.message
    else throw thrown
  } finally {
    state.close()
  }
  return Buffer.concat(printed).toString('latin1') + ending(error)
}

/** The output of a program in user space, as Latin-1. */
export const runInUserSpace = (source: string): string => run(source)

/** A VM in the kernel in which programs run one after the other. */
export class KernelRunner {
  readonly #vm = KernelInstance.create(MEMORY)

  /** The output of a program, as Latin-1. */
  run(source: string): string {
    const { buffer, enter } = this.#vm
    return run(source, () => {
      new Uint8Array(buffer).fill(0)
      return { buffer, enter, close() {} }
    })
  }

  close(): void {
    this.#vm.close()
  }
}
