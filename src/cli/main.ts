/**
 * The command line: what `moonring` understands, and which file does it. Commands are loaded when they are
 * asked for: a script that does nothing should end before anybody notices.
 */

import type { ExitCode } from './command-error.ts'
import { reportFailure } from './failure.ts'
import { standardError, standardOutput } from './output.ts'

/** Runs the command and sets the exit code of the process; never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  process.on('uncaughtException', (error) => {
    standardOutput.flush()
    process.exit(reportFailure(error))
  })
  let exit: ExitCode
  try {
    exit = await dispatch(argv.slice(2))
  } catch (error) {
    standardOutput.flush()
    exit = reportFailure(error)
  }
  standardOutput.flush()
  standardError.flush()
  process.exit(exit)
}

async function dispatch(args: readonly string[]): Promise<ExitCode> {
  if (args.length === 0) return (await import('./repl.ts')).repl()
  const { parseCommand } = await import('./commands.ts')
  return parseCommand(args)
}
