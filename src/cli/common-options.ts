/** What several commands have in common. */

import type { ExitCode } from './command-error.ts'

/** Receives the exit code of the command that was run. */
export type Done = (exit: ExitCode) => void

export const MEMORY = [
  '--memory <SIZE>',
  'memory of the state, 64K to 1G, in the kernel to 128M (default: 1M)',
] as const
export const ALLOW = [
  '--allow <LIB,…>',
  'libraries besides the basic functions: coroutine, string, table, math, utf8, data, debug, or none (default: all)',
] as const
