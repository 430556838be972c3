/** `moonring run`: a script from its first to its last line, in a state of its own. */

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
  readonly stats?: true
}

/**
 * Runs the script with its arguments in `...` and in the table `arg`, as lua(1) does.
 * @throws CommandError for a script that can't be read or options that can't be used
 */
export async function run(file: string, args: readonly string[], options: RunOptions): Promise<ExitCode> {
  const engine = options.kernel ? 'kernel' : 'user'
  const settings = stateSettings(options, undefined, engine)
  const script = readScript(file, settings.memory, textTooLong(settings.memory))
  const watch = new RunStatistics()
  using state = await makeState(settings, standardOutput, engine)
  watch.stateMade()
  try {
    state.setGlobal('arg', new Map([file, ...args].map((text, index) => [index, text])))
    await loadInterruptibly(state, script, args)
  } catch (error) {
    standardOutput.flush()
    return reportScriptFailure(error, script, settings)
  } finally {
    if (options.stats) standardError.write(watch.report(state))
  }
  standardOutput.flush()
  return EXIT.fine
}
