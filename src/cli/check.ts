/** `moonring check`: compiles scripts without running them, and says everything that is wrong with them. */

import { compile, check as findings, warnings } from '../lang/compile.ts'
import type { Diagnostic } from '../lang/diagnostics.ts'
import { list } from '../lang/list.ts'
import { type CheckedFile, sarifLog, type UnreadableFile } from './check-sarif.ts'
import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { reportFailure } from './failure.ts'
import { standardError, standardOutput } from './output.ts'
import { type Paint, paintFor } from './paint.ts'
import { reportDiagnostics } from './script-failure.ts'
import { readScript, type Script } from './script-file.ts'

export interface CheckOptions {
  readonly list?: true
  /** The same as the format json. */
  readonly json?: true
  readonly format?: 'text' | 'json' | 'sarif'
  /** Warnings make it fail, too. */
  readonly strict?: true
  /** Names of globals that whoever runs the scripts provides, with commas between them. */
  readonly globals?: string
}

/** What `--format json` prints. */
export interface CheckDocument {
  /** How many files were named. */
  readonly files: number
  readonly diagnostics: readonly Diagnostic[]
  /** What is likely wrong with scripts that compile. */
  readonly warnings: readonly Diagnostic[]
  /** Files that can't be read. */
  readonly unreadable: readonly UnreadableFile[]
}

/** Checks every file, whatever is wrong with those before it. */
export function check(files: readonly string[], options: CheckOptions): ExitCode {
  const run = new CheckRun(options)
  for (const file of files) run.take(file)
  return run.finish(files.length)
}

class CheckRun {
  private readonly options: CheckOptions
  private readonly format: NonNullable<CheckOptions['format']>
  private readonly globals: readonly string[]
  private readonly paint: Paint = paintFor(2)
  private readonly checked: CheckedFile[] = []
  private readonly unreadable: UnreadableFile[] = []

  constructor(options: CheckOptions) {
    this.options = options
    this.format = formatOf(options)
    this.globals = namesIn(options.globals)
  }

  take(file: string): void {
    const isText = this.format === 'text'
    let script: Script
    try {
      script = readScript(file)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      this.unreadable.push({ file, code: error.code, message: error.message })
      if (isText) reportFailure(error)
      return
    }
    const name = `@${script.name}`
    const wrong = findings(script.text, { name })
    const found = [...wrong, ...warnings(script.text, { name, globals: this.globals })]
    this.checked.push({ name: script.name, text: this.format === 'sarif' ? script.text : NO_TEXT, found })
    if (found.length > 0 && isText) reportDiagnostics(found, script, this.paint)
    if (wrong.length === 0 && this.options.list) standardOutput.write(list(compile(script.text, { name })))
  }

  finish(files: number): ExitCode {
    const { unreadable, checked } = this
    const found = checked.flatMap((file) => file.found)
    const diagnostics = found.filter(({ severity }) => severity === undefined)
    const suspect = found.filter(({ severity }) => severity !== undefined)
    const failures = diagnostics.length + unreadable.length + (this.options.strict ? suspect.length : 0)
    if (this.format === 'json') {
      const document: CheckDocument = { files, diagnostics, warnings: suspect, unreadable }
      standardOutput.json(document, 2)
    } else if (this.format === 'sarif') {
      standardOutput.json(sarifLog(checked, unreadable), 2)
    } else if (diagnostics.length > 1) {
      const wrong = new Set(diagnostics.map(({ file }) => file)).size
      standardError.write(`${diagnostics.length} errors in ${wrong} ${wrong === 1 ? 'file' : 'files'}\n`)
    }
    standardOutput.flush()
    standardError.flush()
    return failures > 0 ? EXIT.failed : EXIT.fine
  }
}

const NO_TEXT = new Uint8Array()

const usageError = (message: string) => new CommandError('M010', message, undefined, EXIT.usage)

function formatOf({ format, json, list: withCode }: CheckOptions): NonNullable<CheckOptions['format']> {
  if (json && format !== undefined && format !== 'json')
    throw usageError(`Cannot print both JSON and ${format}: give --json or --format`)
  const chosen = json ? 'json' : (format ?? 'text')
  if (withCode && chosen !== 'text')
    throw usageError('Cannot print bytecode into a document: leave out --list')
  return chosen
}

/** @throws UsageError for what can't be the name of a global */
function namesIn(text = ''): string[] {
  const names = text === '' ? [] : text.split(',').map((name) => name.trim())
  for (const name of names)
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw usageError(
        `Cannot take '${name}' as the name of a global: --globals takes names with commas between them`,
      )
  return names
}
