/** Moonring's programming interface. */
export { check, compile } from './lang/compile.ts'
export { CompileError, type Diagnostic } from './lang/diagnostics.ts'
export { LuaError, OutOfFuel, OutOfMemory, StateError } from './state/errors.ts'
export { LIBRARIES, type Library } from './state/image.ts'
export { LuaReference, type LuaTable, type LuaValue } from './state/memory.ts'
export { type Argument, type HostFunction, Results, State, type StateOptions } from './state/state.ts'
