/** `moonring hooks`: the hooks to which states can be attached, and which of them this machine has. */

import { HOOKS, probeHook } from '../kernel/hooks.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { machine } from './machine.ts'
import { standardOutput } from './output.ts'
import { paintFor } from './paint.ts'
import { drawProbes, type ReportOptions } from './probe-table.ts'

export function hooks(options: ReportOptions): ExitCode {
  const here = machine()
  const rows = HOOKS.map((hook) => ({ ...hook, detail: hook.program, ...probeHook(hook, here) }))
  if (options.json) {
    const document = rows.map(({ name, program, available, reason }) => ({
      name,
      program,
      available,
      reason,
    }))
    standardOutput.json(document, 2)
  } else {
    standardOutput.write(drawProbes(['hook', 'program'], rows, standardOutput.columns, paintFor(1)))
  }
  return EXIT.fine
}
