/** `moonring load` and `eval`: scripts that run in a named state. */

import { encodeBytes } from '../host/printable.ts'
import type { NamedState, Output, Script } from '../named/named-state.ts'
import { LARGEST } from '../state/state-options.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { standardOutput } from './output.ts'
import { understand } from './repl-input.ts'
import { reportScriptFailure } from './script-failure.ts'
import { readScript } from './script-file.ts'
import { type LimitOption, limitOf, watch } from './state-watch.ts'
import { withState } from './states.ts'

export interface EvaluateOptions extends LimitOption {
  readonly each?: true
}

/** Runs scripts in a state, one after the other; the first that fails is the last. */
export async function load(
  name: string,
  files: readonly string[],
  options: LimitOption = {},
): Promise<ExitCode> {
  const limit = limitOf(options)
  const scripts = files.map((file) => readScript(file))
  return withState(name, async (state) => {
    for (const script of scripts) {
      const exit = await runIn(state, script, (write) => state.load(script, write), limit)
      if (exit !== EXIT.fine) return exit
    }
    return EXIT.fine
  })
}

/** Runs code in a state and prints its results. */
export async function evaluate(name: string, code: string, options: EvaluateOptions): Promise<ExitCode> {
  const script = { name: '(command line)', text: encodeBytes(understand(code, true).text) }
  const limit = limitOf(options)
  return withState(name, (state) =>
    runIn(state, script, (write) => state.evaluate(script, write, options.each === true), limit),
  )
}

function write(text: Uint8Array): void {
  standardOutput.script(text)
}

/**
 * Runs a script, for no longer than `limit` milliseconds; undefined: what attached states allow. Ctrl-C makes it end with the
 * error `interrupted!`, at the second time even if it catches that; the state lives on.
 */
export async function runIn(
  state: NamedState,
  script: Script & { readonly text: Uint8Array },
  run: (write: Output) => Promise<void>,
  limit?: number,
): Promise<ExitCode> {
  const interrupt = () => state.interrupt()
  process.on('SIGINT', interrupt)
  try {
    await watch(state, limit, () => run(write))
    return EXIT.fine
  } catch (error) {
    standardOutput.flush()
    const { memory, fuel } = await state.describe()
    return reportScriptFailure(error, script, {
      memory: memory.limit,
      fuel: fuel ?? undefined,
      largest: LARGEST[state.engine],
    })
  } finally {
    process.off('SIGINT', interrupt)
    standardOutput.flush()
  }
}
