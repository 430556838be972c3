/** How libraries are described, for the reference and for editors: see src/isa/reference/index.ts. */

/** A function: its parameters and results as LuaLS writes types, and what it does, in one sentence. */
export type FunctionEntry = readonly [signature: string, text: string]

export interface ValueEntry {
  readonly type: string
  readonly text: string
}

/** A type of values with fields and methods, or a function that a script gives to its host. */
export interface ClassEntry {
  readonly text: string
  /** Names with the type of their values; `[string]` stands for all others. */
  readonly fields: Readonly<Record<string, ValueEntry>>
  readonly methods: Readonly<Record<string, FunctionEntry>>
}

export interface LibraryEntry {
  /** What the library is for, as a sentence. */
  readonly text: string
  /** A module, which scripts get by `require`: there is no global table of its name. */
  readonly module?: true
  /** Functions by name, without that of the library. */
  readonly functions: Readonly<Record<string, FunctionEntry>>
  readonly values?: Readonly<Record<string, ValueEntry>>
  readonly classes?: Readonly<Record<string, ClassEntry>>
  /** Functions that a script defines and the host calls. */
  readonly callbacks?: Readonly<Record<string, FunctionEntry>>
}
