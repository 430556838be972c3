/** A function as the code generator leaves it and the chunk writer takes it. */

import type { CodeBuffer } from './code-buffer.ts'

export interface ProtoUpvalue {
  /** Taken from a register of the creating function (otherwise from its upvalues). */
  readonly inStack: boolean
  readonly index: number
  /** Index in the constant pool. */
  readonly name: number
}

/** The life of a local variable, in words: from `start` up to, not including, `end`. */
export interface ProtoLocal {
  readonly name: number
  readonly register: number
  start: number
  end: number
}

export interface Proto {
  readonly parameters: number
  readonly vararg: boolean
  /** Registers. */
  readonly frame: number
  readonly firstLine: number
  readonly lastLine: number
  readonly code: CodeBuffer
  readonly upvalues: readonly ProtoUpvalue[]
  readonly locals: readonly ProtoLocal[]
  /** Per word, the number of registers in use there, see live-registers.ts. */
  readonly live: Uint8Array
}
