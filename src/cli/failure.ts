/**
 * Failures of a command other than those of its script, as one message on standard error with a code and
 * what to do. A JavaScript stack is shown only when MOONRING_DEBUG asks for it.
 */

import { systemError } from '../host/system-error.ts'
import { CommandError, type CommandErrorCode, EXIT, type ExitCode } from './command-error.ts'
import { continued } from './log-lines.ts'
import { standardError } from './output.ts'
import { paintFor } from './paint.ts'

/** Shows the failure. Returns the exit code. */
export function reportFailure(error: unknown): ExitCode {
  const { code, message, hint, exit } = describe(error)
  const paint = paintFor(2)
  standardError.write(`${paint.red(`moonring: error[${code}]:`)} ${continued(message, '  | ')}\n`)
  if (hint !== undefined) standardError.write(`  = hint: ${continued(hint, '  | ')}\n`)
  if (process.env.MOONRING_DEBUG === '1' && error instanceof Error) standardError.write(`${error.stack}\n`)
  standardError.flush()
  return exit
}

interface Description {
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
  readonly exit: ExitCode
}

function describe(error: unknown): Description {
  if (error instanceof CommandError) return error
  if (isInputError(error)) {
    const { code, message, hint } = error
    return { code, message, hint, exit: code.startsWith('K04') ? EXIT.usage : EXIT.failed }
  }
  const kernel = kernelDescription(error)
  if (kernel !== undefined) return kernel
  const state = stateDescription(error)
  if (state !== undefined) return state
  if (isOutOfAddresses(error)) return OUT_OF_ADDRESSES
  const system = systemDescription(error)
  if (system !== undefined) return system
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return {
    code: 'M090',
    message: `Cannot go on: this is a fault of Moonring (${text.replace(/\s+/g, ' ').slice(0, 200)})`,
    hint: 'run it again with MOONRING_DEBUG=1 and report what it prints, with the script',
    exit: EXIT.failed,
  }
}

/** Errors of captures and of traces, by their shape: importing the classes would load what most commands don't need. */
function isInputError(error: unknown): error is Error & { code: string; hint: string } {
  const isNamed = error instanceof Error && (error.name === 'PacketError' || error.name === 'TraceError')
  return isNamed && 'code' in error && 'hint' in error
}

/** Memory of WebAssembly needs far more addresses than bytes: V8 surrounds it with 10 GiB of guard pages. */
const OUT_OF_ADDRESSES: Description = {
  code: 'M022',
  message: 'Cannot make the memory of a state: this process may not reserve the addresses that it needs',
  hint: 'raise the limit of address space: ulimit -v unlimited',
  exit: EXIT.missing,
}

/** As V8 words it. */
function isOutOfAddresses(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('could not allocate memory')
}

const SYSTEM_EXITS = { failed: EXIT.failed, refused: EXIT.refused, missing: EXIT.missing } as const

/** A call of the system that failed, whoever made it. */
function systemDescription(error: unknown): Description | undefined {
  const known = systemError(error)
  if (known === undefined) return undefined
  const { syscall, path } = error as NodeJS.ErrnoException
  const where = path === undefined ? (syscall ?? 'the system') : path
  return {
    code: 'M008',
    message: `Cannot go on: ${known.reason} (${known.code}: ${where})`,
    hint: known.remedy,
    exit: SYSTEM_EXITS[known.kind],
  }
}

/** Codes of errors of src/kernel, by their own. */
const KERNEL_ERRORS: Readonly<Record<string, readonly [CommandErrorCode, ExitCode]>> = {
  NOT_PERMITTED: ['M021', EXIT.refused],
  NOT_AVAILABLE: ['M022', EXIT.missing],
  VERIFIER: ['M023', EXIT.failed],
  KERNEL: ['M024', EXIT.failed],
}

/** By its shape, for the same reason. */
function kernelDescription(error: unknown): Description | undefined {
  if (!(error instanceof Error && 'code' in error && 'hint' in error)) return undefined
  const [code, exit] = KERNEL_ERRORS[String(error.code)] ?? []
  if (code === undefined || exit === undefined) return undefined
  return { code, message: error.message, hint: String(error.hint), exit }
}

/** Errors of states whose cause is what was typed. */
const USAGE = ['BAD_OPTION', 'BAD_NAME', 'NO_HOOK']

function stateDescription(error: unknown): Description | undefined {
  if (!(error instanceof Error && error.name === 'StateError' && 'code' in error && 'hint' in error))
    return undefined
  const exit = USAGE.includes(String(error.code)) ? EXIT.usage : EXIT.failed
  const hint = error.hint === undefined ? undefined : String(error.hint)
  return { code: 'M030', message: error.message, hint, exit }
}
