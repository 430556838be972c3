/** `moonring run`: a script from its first to its last line, in a state of its own. */

import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { standardOutput } from './output.ts'
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
}

/**
 * Runs the script with its arguments in `...` and in the table `arg`, as lua(1) does.
 * @throws CommandError for a script that can't be read or options that can't be used
 */
export async function run(file: string, args: readonly string[], options: RunOptions): Promise<ExitCode> {
  if (options.kernel) throw noKernel()
  const settings = stateSettings(options)
  const script = readScript(file, settings.memory, textTooLong(settings.memory))
  const state = makeState(settings, standardOutput)
  try {
    state.setGlobal('arg', new Map([file, ...args].map((text, index) => [index, text])))
    await loadInterruptibly(state, script, args)
  } catch (error) {
    standardOutput.flush()
    return reportScriptFailure(error, script, settings)
  }
  standardOutput.flush()
  return EXIT.fine
}

function noKernel(): CommandError {
  return new CommandError(
    'M020',
    'Cannot run in the kernel: the kernel engine is not available in this version',
    'leave --kernel out to run the script in user space',
    EXIT.missing,
  )
}
