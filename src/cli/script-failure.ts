/**
 * Failures of scripts as people read them on standard error: diagnostics with the source line, and errors
 * with their traceback and advice on limits.
 */

import { clipped, oneLine, printable } from '../host/printable.ts'
import { CompileError, type Diagnostic, renderDiagnostic } from '../lang/diagnostics.ts'
import { LuaError, OutOfFuel, OutOfMemory } from '../state/errors.ts'
import { LARGEST } from '../state/state-options.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { continued } from './log-lines.ts'
import { standardError } from './output.ts'
import { type Paint, paintFor } from './paint.ts'
import { encodingNote, type Script } from './script-file.ts'
import { formatSize, MOST, optionSize } from './size.ts'

/** What the script could use, for advice. */
export interface Limits {
  /** Bytes. */
  readonly memory: number
  /** Instructions per call; no limit if undefined. */
  readonly fuel: number | undefined
  /** Bytes that a state of this kind may have, at most; those in user space have most. */
  readonly largest?: number
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
    standardError.write(`${paintDiagnostic(renderForPeople(diagnostic, script.text), paint)}\n`)
  const note = encodingNote(script)
  if (note !== undefined) standardError.write(`note: ${oneLine(note)}\n`)
}

/** Characters of a line: names and tokens may have as many as the script. */
const WIDEST = 400

/** Neither the name of a file nor a token makes further lines, or endless ones. */
function renderForPeople(diagnostic: Diagnostic, text: Uint8Array): string {
  const lines = renderDiagnostic({ ...diagnostic, file: oneLine(diagnostic.file) }, text).split('\n')
  return lines.map((line) => clipped(line, WIDEST)).join('\n')
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
  const [first = '', ...others] = continued(message, '  | ').split('\n')
  const lines = [paint.red(first), ...others]
  if (error.traceback !== '') lines.push(printable(error.traceback))
  const advice = adviceOn(error, limits)
  if (advice !== undefined) lines.push(`  = hint: ${advice}`)
  return `${lines.join('\n')}\n`
}

function adviceOnMemory(memory: number, largest: number): string {
  if (memory >= largest) return `the state has ${formatSize(memory)}, and none has more: keep less at a time`
  return `the state has ${formatSize(memory)}: give it more with --memory ${optionSize(Math.min(memory * 4, largest))}`
}

/** What to do about an error of limits. The options that it names take the values that it names. */
export function adviceOn(
  error: LuaError,
  { memory, fuel, largest = LARGEST.user }: Limits,
): string | undefined {
  if (error instanceof OutOfMemory) return adviceOnMemory(memory, largest)
  if (error instanceof OutOfFuel && fuel !== undefined && fuel < MOST)
    return `a call may execute ${fuel} instructions: allow more with --fuel ${Math.min(fuel * 10, MOST)}`
  return undefined
}
