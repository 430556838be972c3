/**
 * Failures of scripts as people read them on standard error: diagnostics with the source line, and errors
 * with their traceback and advice on limits.
 */

import { CompileError, type Diagnostic, renderDiagnostic } from '../lang/diagnostics.ts'
import { LuaError, OutOfFuel, OutOfMemory } from '../state/errors.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { standardError } from './output.ts'
import { type Paint, paintFor } from './paint.ts'
import { encodingNote, type Script } from './script-file.ts'
import { formatSize, optionSize } from './size.ts'

/** What the script could use, for advice. */
export interface Limits {
  /** Bytes. */
  readonly memory: number
  /** Instructions per call; no limit if undefined. */
  readonly fuel: number | undefined
}

/**
 * Shows why a script could not be compiled, or how it ended.
 * @returns the exit code
 * @throws the error itself when it is none of a script
 */
export function reportScriptFailure(error: unknown, script: Script, limits: Limits): ExitCode {
  const paint = paintFor(2)
  if (error instanceof CompileError) reportDiagnostics(error.diagnostics, script, paint)
  else if (error instanceof LuaError) standardError.write(describeError(error, script.name, limits, paint))
  else throw error
  return EXIT.failed
}

/** Shows diagnostics of one script. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], script: Script, paint: Paint): void {
  for (const diagnostic of diagnostics)
    standardError.write(`${paintDiagnostic(renderDiagnostic(diagnostic, script.text), paint)}\n`)
  const note = encodingNote(script)
  if (note !== undefined) standardError.write(`note: ${note}\n`)
}

/** The position in bold; the error and the caret in red. */
function paintDiagnostic(text: string, paint: Paint): string {
  if (!paint.on) return text
  return text
    .split('\n')
    .map((line, row) => {
      if (row === 0)
        return line.replace(
          /^(.*?:\d+:\d+: )((?:error|warning)\[\w+\]:)/,
          (_, at, error) => paint.bold(at) + paint.red(error),
        )
      return row === 2 ? line.replace(/\^~*$/, (caret) => paint.red(caret)) : line
    })
    .join('\n')
}

/** Message, traceback and advice; each line ends with a newline. */
function describeError(error: LuaError, name: string, limits: Limits, paint: Paint): string {
  const message = /^[^\n]*:\d+: /.test(error.message) ? error.message : `${name}: ${error.message}`
  const lines = [paint.red(message)]
  if (error.traceback !== '') lines.push(error.traceback)
  const advice = adviceOn(error, limits)
  if (advice !== undefined) lines.push(`  = hint: ${advice}`)
  return `${lines.join('\n')}\n`
}

/** What to do about an error of limits. */
export function adviceOn(error: LuaError, { memory, fuel }: Limits): string | undefined {
  if (error instanceof OutOfMemory)
    return `the state has ${formatSize(memory)}: give it more with --memory ${optionSize(memory * 4)}`
  if (error instanceof OutOfFuel && fuel !== undefined)
    return `a call may execute ${fuel} instructions: allow more with --fuel ${fuel * 10}`
  return undefined
}
