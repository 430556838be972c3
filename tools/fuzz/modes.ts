/** All modes of `npm run fuzz`. The first one is the default. */
import { ARGUMENTS_MODE } from './arguments-mode.ts'
import { COMPILER_MODE } from './compiler-mode.ts'
import { CONVERSIONS_MODE } from './conversions-mode.ts'
import type { FuzzMode } from './mode.ts'
import { PACKETS_MODE } from './packets-mode.ts'
import { PROGRAMS_MODE } from './programs-mode.ts'

export const MODES: readonly FuzzMode[] = [
  PROGRAMS_MODE,
  ARGUMENTS_MODE,
  CONVERSIONS_MODE,
  PACKETS_MODE,
  COMPILER_MODE,
]
