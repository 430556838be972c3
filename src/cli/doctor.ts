/** `moonring doctor`: what this kernel has of what Moonring needs, and what to do about each gap. */

import { arch, release, type } from 'node:os'
import { probeFeature } from '../kernel/feature.ts'
import { FEATURES } from '../kernel/features.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { machine } from './machine.ts'
import { standardOutput } from './output.ts'
import { paintFor } from './paint.ts'
import { drawProbes, outputWidth, type ReportOptions, wrap } from './probe-table.ts'

export function doctor(options: ReportOptions): ExitCode {
  const here = machine()
  const rows = FEATURES.map((feature) => ({ ...feature, ...probeFeature(feature, here) }))
  if (options.json) {
    const document = rows.map(({ name, available, reason }) => ({ name, available, reason }))
    standardOutput.write(`${JSON.stringify(document, null, 2)}\n`)
    return EXIT.fine
  }
  const paint = paintFor(1)
  const missing = rows.filter(({ essential, available }) => essential && !available).map(({ name }) => name)
  standardOutput.write(`${type()} ${release()}, ${arch()}\n\n`)
  standardOutput.write(drawProbes(['feature'], rows, outputWidth(), paint))
  standardOutput.write(
    missing.length === 0
      ? '\nThe kernel engine can run here.\n'
      : `\n${paint.red(wrap(`The kernel engine cannot run here: it needs ${missing.join(', ')}.`, outputWidth()).join('\n'))}\n`,
  )
  return EXIT.fine
}
