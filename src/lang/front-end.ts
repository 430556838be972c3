/** The stages before the code generator, in their order. */

import type { FunctionBody } from './ast.ts'
import { Findings } from './diagnostics.ts'
import { Meter } from './meter.ts'
import { parse } from './parse.ts'
import { resolve } from './resolve.ts'
import type { Source } from './source.ts'

/** A source that has been parsed and resolved; the tree is sound only if nothing was found. */
export interface Analysis {
  readonly main: FunctionBody
  readonly findings: Findings
}

export function analyze(source: Source, findings = new Findings(source), meter = new Meter()): Analysis {
  meter.text(source.text.length)
  const parsed = parse(source, findings, meter)
  resolve(source, parsed, findings, meter)
  return { main: parsed.main, findings }
}
