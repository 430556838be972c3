/** All modes of `npm run fuzz`. The first one is the default. */
import type { FuzzMode } from './mode.ts'
import { PROGRAMS_MODE } from './programs-mode.ts'

export const MODES: readonly FuzzMode[] = [PROGRAMS_MODE]
