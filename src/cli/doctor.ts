/** `moonring doctor`: what this kernel has of what Moonring needs, and what to do about each gap. */

import { arch, release, type } from 'node:os'
import { probeFeature } from '../kernel/feature.ts'
import { FEATURES } from '../kernel/features.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { machine } from './machine.ts'
import { standardOutput } from './output.ts'
import { paintFor } from './paint.ts'
import { drawProbes, type ReportOptions, wrap } from './probe-table.ts'

export function doctor(options: ReportOptions): ExitCode {
  const here = machine()
  const rows = FEATURES.map((feature) => ({ ...feature, ...probeFeature(feature, here) }))
  if (options.json) {
    const document = rows.map(({ name, available, reason }) => ({ name, available, reason }))
    standardOutput.json(document, 2)
    return EXIT.fine
  }
  const paint = paintFor(1)
  const missing = rows.filter(({ essential, available }) => essential && !available).map(({ name }) => name)
  standardOutput.write(`${type()} ${release()}, ${arch()}\n\n`)
  standardOutput.write(drawProbes(['feature'], rows, standardOutput.columns, paint))
  standardOutput.write(
    missing.length === 0
      ? '\nThe kernel engine can run here.\n'
      : `\n${paint.red(wrap(`The kernel engine cannot run here: it needs ${missing.join(', ')}.`, standardOutput.columns).join('\n'))}\n`,
  )
  return EXIT.fine
}
