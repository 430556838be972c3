/** The stages before the code generator, in their order. */

import type { FunctionBody } from './ast.ts'
import { Findings } from './diagnostics.ts'
import { parse } from './parse.ts'
import { resolve } from './resolve.ts'
import type { Source } from './source.ts'

/** A source that has been parsed and resolved; the tree is sound only if nothing was found. */
export interface Analysis {
  readonly main: FunctionBody
  readonly findings: Findings
}

export function analyze(source: Source): Analysis {
  const findings = new Findings(source)
  const parsed = parse(source, findings)
  resolve(source, parsed, findings)
  return { main: parsed.main, findings }
}
