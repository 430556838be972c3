/** What is likely wrong with a script that compiles. */

import type { FunctionBody } from './ast.ts'
import { type Diagnostic, Findings } from './diagnostics.ts'
import type { Source } from './source.ts'
import { warnOfLocals } from './warn-locals.ts'
import { warnOfNames } from './warn-names.ts'
import { warnOfUnreachable } from './warn-unreachable.ts'
import { Warnings } from './warnings.ts'

/** The warnings about a resolved tree, in the order of the text; `globals` are names that others provide. */
export function warningsOf(source: Source, main: FunctionBody, globals: Iterable<string>): Diagnostic[] {
  const findings = new Findings(source)
  const warnings = new Warnings(findings)
  warnOfNames(main, new Set(globals), warnings)
  warnOfLocals(main, warnings)
  warnOfUnreachable(main, warnings)
  return findings.list()
}
