/**
 * What can be wrong with a command other than the script or the capture: stable codes and exit codes.
 * Thrown by the commands, shown by failure.ts.
 */

/** Exit codes of every command. */
export const EXIT = {
  fine: 0,
  /** The script or the request failed. */
  failed: 1,
  /** Wrong usage. */
  usage: 2,
  /** Not permitted. */
  refused: 3,
  /** Not available on this machine or in this version. */
  missing: 4,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** M00x script files, M01x usage, M02x what is not available, M03x named states, M09x faults of Moonring itself. */
export type CommandErrorCode =
  | 'M001' // a file can't be read
  | 'M002' // a file is a directory
  | 'M003' // a script is no text
  | 'M004' // a script is too large
  | 'M005' // the script lacks the function to call
  | 'M006' // output can't be written
  | 'M008' // the system refuses something
  | 'M010' // wrong usage
  | 'M021' // not permitted
  | 'M022' // this machine or its kernel lacks something
  | 'M023' // the verifier refuses a program
  | 'M024' // the kernel refuses something else
  | 'M030' // a named state can't be found, made or used
  | 'M090' // unexpected

/** An error for people: `message` reads `Cannot X: reason`, `hint` says what to do. */
export class CommandError extends Error {
  readonly code: CommandErrorCode
  readonly hint: string | undefined
  readonly exit: ExitCode

  constructor(code: CommandErrorCode, message: string, hint?: string, exit: ExitCode = EXIT.failed) {
    super(message)
    this.name = 'CommandError'
    this.code = code
    this.hint = hint
    this.exit = exit
  }
}
