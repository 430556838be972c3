/** A state with a name, wherever it lives: in the kernel, or in the process of `moonring serve`. */
import type { MatchOptions } from '../packet/match.ts'
import type { Engine } from '../state/engine.ts'
import type { Library } from '../state/image.ts'
import type { StateDescription } from './description.ts'
import type { Field } from './fields.ts'
import type { LogPart } from './log-reader.ts'

/** Bytes that `print` writes, as text arrives. */
export type Output = (text: Uint8Array) => void

export interface CreateOptions {
  /** Bytes of memory, 64 KiB to 128 MiB in the kernel; default 1 MiB. */
  readonly memory?: number
  /** Instructions that a call may execute; default: what each hook has, and no limit for others. */
  readonly fuel?: number
  /** Milliseconds that a call of a hook may take; default: what each hook has. */
  readonly deadline?: number
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
  /** Attaches although the state has no such function yet. */
  readonly later?: boolean
  /** Of hooks of control groups: the directory in cgroup2. */
  readonly cgroup?: string
  /** Of hooks of devices: the device. */
  readonly device?: string
  /** Of hooks in user space: what the hook wants to know. May also stand for `cgroup` and `device`. */
  readonly target?: string
  /** Of hooks for packets: the network namespace, as ip-netns(8) names it; default: that of the process. */
  readonly netns?: string
  /** Of netfilter and tc: where several are called, the lower number comes first; default -1 and 0. */
  readonly priority?: number
  /** Of hooks for packets: which ones the function is called for; default: all of IP. */
  readonly match?: MatchOptions
  /** In place of `match`: the rules that the script has made with `packet.rules`, in its global `rules`. */
  readonly rules?: boolean
  /** Told about what was done otherwise than asked. */
  readonly note?: (text: string) => void
}

/** A script: its text, and the name that its errors have. */
export interface Script {
  readonly name: string
  readonly text: string | Uint8Array
}

export interface NamedState {
  readonly name: string
  readonly engine: Engine
  /** Runs a script, in all replicas. @throws CompileError, LuaError */
  load(script: Script, output: Output): Promise<void>
  /** Runs code and prints its results; in all replicas, of which the first prints, or `each` with its CPU. */
  evaluate(script: Script, output: Output, each?: boolean): Promise<void>
  /** Makes the script that runs end with the error `interrupted!`; a second time, even if it catches that. */
  interrupt(): void
  /** Fields of the global at a path, `_G` for the globals themselves: for completion. */
  fields(path: string): Promise<Field[]>
  /**
   * Attaches the state to a hook by its name.
   * @throws StateError: `BAD_OPTION` for options that the hook has no use for (attach-options.ts), or without a function to
   * call; KernelError
   */
  attach(hook: string, options: AttachOptions): Promise<void>
  /** Ends all attachments to a hook, or to all hooks. How many there were. */
  detach(hook?: string): Promise<number>
  describe(): Promise<StateDescription>
  /** What was logged from record `after` on. */
  log(after?: number): Promise<LogPart>
  /** Detaches, and frees everything. */
  destroy(): Promise<void>
  /** Ends this process's use of the state, which lives on. */
  close(): void
}

/** States of one kind: those in the kernel, or those of a process that serves them. */
export interface NamedStates {
  /** @throws StateError `EXISTS`, `BAD_NAME` or `BAD_OPTION`, and what the engine throws */
  create(name: string, options: CreateOptions): Promise<NamedState>
  /** undefined if there is none of this name. @throws StateError if it can't be used */
  open(name: string): Promise<NamedState | undefined>
  /** All of them; those that can't be used say why. */
  list(): Promise<StateDescription[]>
  /** Removes a state, whatever shape it is in. False if there is none. */
  destroy(name: string): Promise<boolean>
}
