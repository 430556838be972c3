/** `moonring run`: a script from its first to its last line, in a state of its own. */

import { scriptArgument } from './arguments.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { standardError, standardOutput } from './output.ts'
import { RunStatistics } from './run-statistics.ts'
import { reportScriptFailure } from './script-failure.ts'
import { readScript } from './script-file.ts'
import {
  loadInterruptibly,
  makeState,
  type StateOptionTexts,
  stateSettings,
  textTooLong,
} from './state-options.ts'

export interface RunOptions extends StateOptionTexts {
  readonly kernel?: true
  readonly raw?: true
  readonly stats?: true
}

/** Bytes of a state in user space: a script that runs alone may have room. */
const MEMORY = 64 << 20

/**
 * Runs the script with its arguments in `...` and in the table `arg`, as lua(1) does.
 * @throws CommandError for a script that can't be read or options that can't be used
 */
export async function run(file: string, args: readonly string[], options: RunOptions): Promise<ExitCode> {
  const engine = options.kernel ? 'kernel' : 'user'
  const settings = stateSettings(options, undefined, engine, engine === 'user' ? MEMORY : undefined)
  const script = readScript(file, settings.memory, textTooLong(settings))
  if (options.raw) standardOutput.writeRaw()
  const watch = new RunStatistics()
  using state = await makeState(settings, standardOutput, engine)
  watch.stateMade()
  try {
    const given = args.map(scriptArgument)
    state.setGlobal('arg', new Map([scriptArgument(file), ...given].map((text, index) => [index, text])))
    await loadInterruptibly(state, script, given)
  } catch (error) {
    standardOutput.flush()
    return reportScriptFailure(error, script, settings)
  } finally {
    if (options.stats) standardError.write(watch.report(state))
  }
  standardOutput.flush()
  return EXIT.fine
}
