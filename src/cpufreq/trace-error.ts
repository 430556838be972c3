/** What can be wrong with a trace of loads: stable codes, messages and what to do. Shown by the command line. */

export type TraceErrorCode =
  | 'F001' // can't be read or written
  | 'F002' // is no trace
  | 'F003' // has too much

/** An error for people: `message` reads `Cannot X: reason`, `hint` says what to do. */
export class TraceError extends Error {
  readonly code: TraceErrorCode
  readonly hint: string

  constructor(code: TraceErrorCode, message: string, hint: string) {
    super(message)
    this.name = 'TraceError'
    this.code = code
    this.hint = hint
  }
}
