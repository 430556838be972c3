/**
 * The command line: what `moonring` understands, and which file does it. Commands are loaded when they are
 * asked for: a script that does nothing should end before anybody notices.
 */

import { commandArguments } from './arguments.ts'
import type { ExitCode } from './command-error.ts'
import { reportFailure } from './failure.ts'
import { standardError, standardOutput } from './output.ts'

/** Runs the command and ends the process with its exit code; never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  process.on('uncaughtException', (error) => end(() => reportFailure(error)))
  let outcome: () => ExitCode
  try {
    const exit = await dispatch(commandArguments(argv))
    outcome = () => exit
  } catch (error) {
    outcome = () => reportFailure(error)
  }
  end(outcome)
}

/** What could not be written is the failure that counts: a script may have caught it, or called it another. */
function end(outcome: () => ExitCode): never {
  try {
    standardOutput.end()
  } catch {
    // it is told below
  }
  const { failure } = standardOutput
  const exit = failure === undefined ? outcome() : reportFailure(failure)
  standardError.end()
  process.exit(exit)
}

async function dispatch(args: readonly string[]): Promise<ExitCode> {
  if (args.length === 0) return (await import('./repl.ts')).repl()
  const { parseCommand } = await import('./commands.ts')
  return parseCommand(args)
}
