/** All features that `moonring doctor` reports, in its order. */
import type { Feature } from './feature.ts'
import { LANGUAGE_FEATURES } from './features-language.ts'
import { MACHINE_FEATURES } from './features-machine.ts'
import { PROGRAM_FEATURES } from './features-programs.ts'

export const FEATURES: readonly Feature[] = [...MACHINE_FEATURES, ...LANGUAGE_FEATURES, ...PROGRAM_FEATURES]
