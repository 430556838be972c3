/** Moonring's programming interface. */
export {
  type Attachment,
  defineLibrary,
  defineSubsystem,
  type Hook,
  type HookCall,
  type KernelFunction,
  type KernelHook,
  type Library as HookLibrary,
  type LibraryFunction,
  type Subsystem,
  type UserHook,
  type Verdicts,
} from './hook/subsystem.ts'
export { KernelError, NotAvailable, NotPermitted } from './kernel/errors.ts'
export { VerifierError } from './kernel/verifier-error.ts'
export { check, compile } from './lang/compile.ts'
export { CompileError, type Diagnostic } from './lang/diagnostics.ts'
export type { HookDescription, LogRecord, StateDescription } from './named/description.ts'
export { KernelStates, type KernelStatesOptions } from './named/kernel-states.ts'
export type { AttachOptions, CreateOptions, NamedState, NamedStates } from './named/named-state.ts'
export { UserStates, type UserStatesOptions } from './named/user-states.ts'
export { ServedStates } from './serve/client.ts'
export { type Argument, type HostFunction, Results } from './state/argument.ts'
export { LuaError, OutOfFuel, OutOfMemory, StateError } from './state/errors.ts'
export { LIBRARIES, type Library } from './state/image.ts'
export { LuaFunction } from './state/lua-function.ts'
export { LuaReference, type LuaTable, type LuaValue } from './state/memory.ts'
export { State } from './state/state.ts'
export type { StateOptions } from './state/state-options.ts'
export { SUBSYSTEMS } from './subsystems/find.ts'
