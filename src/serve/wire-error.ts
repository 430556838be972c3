/** Errors in JSON: a client throws what the server has met, as the same class. */
import { KernelError, NotAvailable, NotPermitted } from '../kernel/errors.ts'
import { CompileError, type Diagnostic } from '../lang/diagnostics.ts'
import { LuaError, OutOfFuel, OutOfMemory, StateError } from '../state/errors.ts'
import { fromWireValue, toWireValue, type WireValue } from './wire-value.ts'

export interface WireError {
  /** The class, and of StateError its own code. */
  readonly code: string
  readonly message: string
  readonly hint?: string
  /** Of kernel errors. */
  readonly errno?: string
  /** Of CompileError. */
  readonly diagnostics?: readonly Diagnostic[]
  /** Of LuaError and its subclasses. */
  readonly value?: WireValue
  readonly traceback?: string
}

/** A line that is no request. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest'
  readonly code = 'BAD_REQUEST'

  constructor(reason: string) {
    super(`Cannot understand the request: ${reason}`)
  }
}

/** What a server meets that nobody has foreseen. */
const FAULT = 'FAULT'
const COMPILE_ERROR = 'COMPILE_ERROR'

export function errorToWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { code: FAULT, message: String(error) }
  const { message } = error
  if (error instanceof CompileError) return { code: COMPILE_ERROR, message, diagnostics: error.diagnostics }
  if (error instanceof LuaError)
    return { code: error.code, message, value: toWireValue(error.value), traceback: error.traceback }
  if (error instanceof StateError)
    return { code: error.code, message, ...(error.hint !== undefined && { hint: error.hint }) }
  if (error instanceof KernelError) {
    const { code, hint, errno } = error
    return { code, message, hint, ...(errno !== undefined && { errno }) }
  }
  if (error instanceof BadRequest) return { code: error.code, message }
  return { code: FAULT, message: `${error.name}: ${message}` }
}

const LUA_ERRORS: Readonly<Record<string, typeof LuaError>> = {
  LUA_ERROR: LuaError,
  OUT_OF_FUEL: OutOfFuel,
  OUT_OF_MEMORY: OutOfMemory,
}

export function errorFromWire(wire: WireError): Error {
  const { code, message, hint = '', errno } = wire
  const LuaClass = LUA_ERRORS[code]
  if (LuaClass) return new LuaClass(message, fromWireValue(wire.value ?? null), wire.traceback ?? '')
  if (code === COMPILE_ERROR) return compileError(message, wire.diagnostics ?? [])
  if (code === 'NOT_PERMITTED') return new NotPermitted(message, hint, errno)
  if (code === 'NOT_AVAILABLE') return new NotAvailable(message, hint, errno)
  if (code === 'KERNEL') return new KernelError('KERNEL', message, hint, errno)
  if (code === FAULT || code === 'BAD_REQUEST') return new Error(message)
  return new StateError(code as StateError['code'], message, wire.hint)
}

function compileError(message: string, diagnostics: readonly Diagnostic[]): CompileError {
  const error = new CompileError('', diagnostics)
  error.message = message // the chunk's name isn't known here
  return error
}
