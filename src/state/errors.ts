/** The errors that a state throws. Each has a stable `code`, for programs. */

/** A script raised an error that nobody in it caught. `cause`: what a function of the host has thrown, if it comes from there. */
export class LuaError extends Error {
  readonly code: string = 'LUA_ERROR'
  /** The error value as the script raised it. */
  readonly value: unknown
  /** The stack of the script where it was raised, as `debug.traceback` prints it. */
  readonly traceback: string

  constructor(message: string, value: unknown, traceback: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.value = value
    this.traceback = traceback
  }
}

/** The call has used the instructions that it may use. */
export class OutOfFuel extends LuaError {
  override readonly code = 'OUT_OF_FUEL'
}

/** The state has used the memory that it may use. */
export class OutOfMemory extends LuaError {
  override readonly code = 'OUT_OF_MEMORY'
}

/** The state can't be used: it is closed, busy with another call, or broken, or something about it can't be made. */
export class StateError extends Error {
  readonly code:
    | 'CLOSED'
    | 'BUSY'
    | 'ENDED'
    | 'RELEASED'
    | 'BAD_VALUE'
    | 'BAD_OPTION'
    | 'BAD_DECLARATION'
    | 'BAD_NAME'
    | 'EXISTS'
    | 'NO_STATE'
    | 'NO_HOOK'
    | 'INCOMPATIBLE'
    | 'ASYNC_BINDING'
    | 'BROKEN'
    | 'HOST_LIMIT'

  /** What to do next, where there is something. */
  readonly hint: string | undefined

  constructor(code: StateError['code'], message: string, hint?: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StateError'
    this.code = code
    this.hint = hint
  }
}

/** What was thrown, in words. Never throws, whatever it is. */
export function messageOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return String(thrown.message)
    const text = String(thrown)
    return text.startsWith('[object ') ? 'an object that is no Error' : text
  } catch {
    return 'an object that is no Error'
  }
}

/** The same error, but for what JavaScript throws where it runs out of stack or of memory. */
export function asTyped(error: unknown): unknown {
  if (!(error instanceof RangeError)) return error
  return new StateError(
    'HOST_LIMIT',
    `Cannot finish the call: JavaScript has met a limit of its own (${messageOf(error)})`,
    undefined,
    { cause: error },
  )
}

/** OutOfMemory as it is thrown where no script is running. */
export function outOfMemory(): OutOfMemory {
  return new OutOfMemory('not enough memory', 'not enough memory', '')
}

export function closed(): StateError {
  return new StateError('CLOSED', 'Cannot use the state: it is closed')
}

/** What a call fails with that has been interrupted, if the script doesn't catch it. */
export function interrupted(): LuaError {
  return new LuaError('interrupted!', 'interrupted!', '')
}
