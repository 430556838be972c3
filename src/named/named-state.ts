/** A state with a name, wherever it lives: in the kernel, or in the process of `moonring serve`. */
import type { Hook, Subsystem } from '../hook/subsystem.ts'
import type { Library } from '../state/image.ts'
import type { StateDescription } from './description.ts'
import type { LogPart } from './log-reader.ts'

/** Bytes that `print` writes, as text arrives. */
export type Output = (text: Uint8Array) => void

export interface CreateOptions {
  /** Bytes of memory, 64 KiB to 128 MiB in the kernel; default 1 MiB. */
  readonly memory?: number
  /** Instructions that a call may execute; default 100,000 for calls of hooks, and no limit for others. */
  readonly fuel?: number
  /** Libraries besides the basic functions; default all. */
  readonly libraries?: readonly Library[]
  readonly description?: string
  /** One replica for each CPU, with nothing shared and no lock between them. */
  readonly perCpu?: boolean
}

export interface AttachOptions {
  /** The global function to call; default: the hook's. */
  readonly function?: string
  /** The verdict when a call fails; default: the hook's. */
  readonly default?: string
  /** What to attach to; for hooks of cgroups a directory. */
  readonly target?: string
}

/** A script: its text, and the name that its errors have. */
export interface Script {
  readonly name: string
  readonly text: string | Uint8Array
}

/** Where a hook comes from: its declaration, and the subsystem whose libraries it brings. */
export interface HookOf {
  readonly hook: Hook
  readonly subsystem: Subsystem
}

/** Instructions that a call of a hook may execute, unless the state says otherwise. */
export const HOOK_FUEL = 100_000

export interface NamedState {
  readonly name: string
  /** Runs a script, in all replicas. @throws CompileError, LuaError */
  load(script: Script, output: Output): Promise<void>
  /** Runs code and prints its results; in all replicas, of which the first prints, or each with its CPU. */
  evaluate(script: Script, output: Output, each?: boolean): Promise<void>
  /** Names and kinds of what starts so, for completion: as the REPL has it. */
  attach(of: HookOf, options: AttachOptions): Promise<void>
  /** Ends all attachments to a hook, or to all hooks. How many there were. */
  detach(hook?: string): Promise<number>
  describe(): StateDescription
  /** What was logged from record `after` on. */
  log(after?: number): LogPart
  /** Detaches, and frees everything. */
  destroy(): Promise<void>
  /** Ends this process's use of the state, which lives on. */
  close(): void
}
