/** The errors that a state throws. Each has a stable `code`, for programs. */

/** A script raised an error that nobody in it caught. */
export class LuaError extends Error {
  readonly code: string = 'LUA_ERROR'
  /** The error value as the script raised it. */
  readonly value: unknown
  /** The stack of the script where it was raised, as `debug.traceback` prints it. */
  readonly traceback: string

  constructor(message: string, value: unknown, traceback: string) {
    super(message)
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

  /** What to do next, where there is something. */
  readonly hint: string | undefined

  constructor(code: StateError['code'], message: string, hint?: string) {
    super(message)
    this.name = 'StateError'
    this.code = code
    this.hint = hint
  }
}
