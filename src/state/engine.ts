/** What a state needs of whatever runs the VM for it: one interface for user space and for the kernel. */

import type { ProgramStatistics } from '../kernel/program.ts'
import type { Look } from '../packet/packet-memory.ts'

/** The VM's only entry: executes a command of src/isa/layout.ts. */
export type Enter = (command: number, a: number, b: number) => number

/** Where a state's VM runs. */
export type Engine = 'user' | 'kernel'

/** A VM with its memory. */
export interface Instance {
  /** The state's memory, live. */
  readonly buffer: ArrayBuffer
  readonly enter: Enter
  /** Address of the control block, where others than this process may use the state. */
  readonly control?: number
  /** The VM's functions for packets, where they can be called: hooks in the kernel call them themselves. */
  readonly look?: Look
  /** What the verifier and the JIT compiler made of its program, where it is one. */
  statistics?(): ProgramStatistics
  /** Gives back what the instance holds besides its memory; using it afterwards is a fault. */
  close(): void
}
