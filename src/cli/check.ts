/** `moonring check`: compiles scripts without running them, and says everything that is wrong with them. */

import { compile, check as findings, warnings } from '../lang/compile.ts'
import type { Diagnostic } from '../lang/diagnostics.ts'
import { list } from '../lang/list.ts'
import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { reportFailure } from './failure.ts'
import { standardError, standardOutput } from './output.ts'
import { type Paint, paintFor } from './paint.ts'
import { reportDiagnostics } from './script-failure.ts'
import { readScript, type Script } from './script-file.ts'

export interface CheckOptions {
  readonly list?: true
  readonly json?: true
  /** Warnings make it fail, too. */
  readonly strict?: true
}

/** What `--json` prints. */
export interface CheckDocument {
  /** How many files were named. */
  readonly files: number
  readonly diagnostics: readonly Diagnostic[]
  /** What scripts that compile use and Moonring has not. */
  readonly warnings: readonly Diagnostic[]
  /** Files that can't be read. */
  readonly unreadable: readonly { readonly file: string; readonly code: string; readonly message: string }[]
}

/** Checks every file, whatever is wrong with those before it. */
export function check(files: readonly string[], options: CheckOptions): ExitCode {
  const run = new CheckRun(options)
  for (const file of files) run.take(file)
  return run.finish(files.length)
}

class CheckRun {
  private readonly options: CheckOptions
  private readonly paint: Paint = paintFor(2)
  private readonly diagnostics: Diagnostic[] = []
  private readonly warnings: Diagnostic[] = []
  private readonly unreadable: CheckDocument['unreadable'][number][] = []

  constructor(options: CheckOptions) {
    this.options = options
  }

  take(file: string): void {
    let script: Script
    try {
      script = readScript(file)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      this.unreadable.push({ file, code: error.code, message: error.message })
      if (!this.options.json) reportFailure(error)
      return
    }
    const found = findings(script.text, { name: `@${script.name}` })
    const absent = warnings(script.text, { name: `@${script.name}` })
    this.diagnostics.push(...found)
    this.warnings.push(...absent)
    const all = [...found, ...absent]
    if (all.length > 0 && !this.options.json) reportDiagnostics(all, script, this.paint)
    if (found.length === 0 && this.options.list && !this.options.json)
      standardOutput.write(list(compile(script.text, { name: `@${script.name}` })))
  }

  finish(files: number): ExitCode {
    const { diagnostics, unreadable } = this
    const failures = diagnostics.length + unreadable.length + (this.options.strict ? this.warnings.length : 0)
    if (this.options.json) {
      const document: CheckDocument = { files, diagnostics, warnings: this.warnings, unreadable }
      standardOutput.json(document, 2)
    } else if (diagnostics.length > 1) {
      const wrong = new Set(diagnostics.map(({ file }) => file)).size
      standardError.write(`${diagnostics.length} errors in ${wrong} ${wrong === 1 ? 'file' : 'files'}\n`)
    }
    standardOutput.flush()
    standardError.flush()
    return failures > 0 ? EXIT.failed : EXIT.fine
  }
}
