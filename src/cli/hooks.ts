/** `moonring hooks`: the hooks to which states can be attached, and which of them this machine has. */

import { HOOKS, type Hook, probeHook } from '../kernel/hooks.ts'
import { SUBSYSTEMS } from '../subsystems/find.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { machine } from './machine.ts'
import { standardOutput } from './output.ts'
import { paintFor } from './paint.ts'
import { drawProbes, outputWidth, type ReportOptions } from './probe-table.ts'

/** For hooks of the kernel that no subsystem has. */
const UNKNOWN = {
  available: false,
  reason: 'Moonring does not attach to it yet',
  remedy: 'use a newer version',
}

function isKnown({ name, program }: Hook): boolean {
  return (
    program === 'user space' ||
    SUBSYSTEMS.some((subsystem) => subsystem.hooks.some((hook) => hook.name === name))
  )
}

export function hooks(options: ReportOptions): ExitCode {
  const here = machine()
  const rows = HOOKS.map((hook) => {
    const row = { ...hook, detail: hook.program }
    return isKnown(hook) ? { ...row, ...probeHook(hook, here) } : { ...row, ...UNKNOWN }
  })
  if (options.json) {
    const document = rows.map(({ name, program, available, reason }) => ({
      name,
      program,
      available,
      reason,
    }))
    standardOutput.write(`${JSON.stringify(document, null, 2)}\n`)
  } else {
    standardOutput.write(drawProbes(['hook', 'program'], rows, outputWidth(), paintFor(1)))
  }
  return EXIT.fine
}
