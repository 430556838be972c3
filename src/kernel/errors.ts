/**
 * What goes wrong between this process and the kernel. Each error has a stable `code`, a message that reads
 * `Cannot X: reason`, and a hint that says what to do next. Refusals of the verifier are in `verifier-error.ts`.
 */
import { getSystemErrorName } from 'node:util'

export type KernelErrorCode = 'NOT_PERMITTED' | 'NOT_AVAILABLE' | 'VERIFIER' | 'KERNEL'

export class KernelError extends Error {
  override readonly name: string = 'KernelError'
  readonly code: KernelErrorCode
  /** What to do next. */
  readonly hint: string
  /** The kernel's error, such as `EPERM`, where a system call failed. */
  readonly errno: string | undefined

  constructor(code: KernelErrorCode, message: string, hint: string, errno?: string) {
    super(message)
    this.code = code
    this.hint = hint
    this.errno = errno
  }
}

/** This process may not do it. */
export class NotPermitted extends KernelError {
  override readonly name = 'NotPermitted'

  constructor(message: string, hint: string, errno?: string) {
    super('NOT_PERMITTED', message, hint, errno)
  }
}

/** This machine or its kernel doesn't have it. */
export class NotAvailable extends KernelError {
  override readonly name = 'NotAvailable'

  constructor(message: string, hint: string, errno?: string) {
    super('NOT_AVAILABLE', message, hint, errno)
  }
}

/** Errors for which Node has another name, or none: it calls 95 ENOTSUP, and 524 is the kernel's own. */
const OTHER_NAMES = new Map([
  [95, 'EOPNOTSUPP'],
  [524, 'ENOTSUPP'],
])

/** `EPERM` for -1; nothing for results that are no errors. */
export function errnoName(result: number): string {
  if (result >= 0) return ''
  const other = OTHER_NAMES.get(-result)
  if (other !== undefined) return other
  const name = getSystemErrorName(result)
  return name.startsWith('E') ? name : `error ${-result}`
}
