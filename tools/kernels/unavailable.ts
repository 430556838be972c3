/** What keeps `npm run test:kernels` from running: told to people as it is, without a stack. */

/** Ends the command: `Cannot X: reason`, a stable code, and what to do next. */
export class KernelsError extends Error {
  /** Stable, such as `KERNELS_MISSING_PROGRAM`. */
  readonly code: string
  /** What to do next. */
  readonly hint: string
  /** 1 failed, 2 wrong usage, 4 not available on this machine. */
  readonly exitCode: 1 | 2 | 4

  constructor(exitCode: 1 | 2 | 4, code: string, message: string, hint: string) {
    super(message)
    this.name = 'KernelsError'
    this.exitCode = exitCode
    this.code = code
    this.hint = hint
  }
}

/** As standard error shows it. */
export function describe({ code, message, hint }: KernelsError): string {
  return `${message} [${code}]\n  ${hint}`
}
