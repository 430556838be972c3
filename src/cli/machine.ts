/** The machine that `doctor` and `hooks` look at: this one, with the directory for pins that the user names. */

import { BPFFS_DIRECTORY } from '../kernel/bpffs.ts'
import { type Machine, thisMachine } from '../kernel/feature.ts'
import { systemCalls } from '../kernel/system.ts'

export function machine(): Machine {
  const directory = process.env.MOONRING_BPFFS ?? ''
  return thisMachine(systemCalls, directory === '' ? BPFFS_DIRECTORY : directory)
}
