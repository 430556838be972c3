/** Collects warnings about one source. */

import type { DiagnosticArgs, DiagnosticKey } from './diagnostic-table.ts'
import type { Findings } from './diagnostics.ts'
import type { Position } from './source.ts'

/** Bytes; only for the order of findings. */
const LONGEST_LINE = 2 ** 26

export class Warnings {
  private readonly findings: Findings

  constructor(findings: Findings) {
    this.findings = findings
  }

  add<K extends DiagnosticKey>(
    key: K,
    args: DiagnosticArgs<K>,
    { line, column, length }: Position & { readonly length: number },
    hint?: string,
  ): void {
    this.findings.add(key, args, { line, column, length, reached: line * LONGEST_LINE + column }, hint)
  }
}
