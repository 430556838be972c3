/**
 * The compiler: from script text to a chunk.
 *
 *     source ──lex, parse──▶ tree ──resolve──▶ tree ──generate──▶ protos ──write──▶ bytes
 */

import { CompileError, type Diagnostic, Findings } from './diagnostics.ts'
import { analyze } from './front-end.ts'
import { type Generated, generate } from './generate.ts'
import { CompilingStopped, Meter, type MeterLimits } from './meter.ts'
import { type Source, toSource } from './source.ts'
import { warningsOf } from './warn.ts'
import { writeChunk } from './write-chunk.ts'

export interface CompileOptions {
  /** Name of the chunk, with the prefix `@` (file) or `=` (any name); otherwise the source text itself. */
  readonly name: string
  /** Leave out lines, operand names and local variables: errors then have no positions. */
  readonly strip?: boolean
}

/** What came of compiling, and the fuel that it has cost. */
export type Outcome = { readonly fuel: number } & (
  | { readonly kind: 'chunk'; readonly chunk: Uint8Array }
  | { readonly kind: 'errors'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'stopped'; readonly reason: CompilingStopped['reason'] }
)

/**
 * Compiles a script to the bytes that the VM loads (docs/design/vm.md, "Chunks"). The same text and name
 * give the same bytes. JavaScript strings are taken as UTF-8.
 *
 * @throws CompileError, with every diagnostic
 */
export function compile(text: Uint8Array | string, { name, strip = false }: CompileOptions): Uint8Array {
  const source = toSource(text, name)
  const findings = new Findings(source)
  const chunk = chunkOf(source, findings, new Meter(), strip)
  if (chunk === undefined) throw new CompileError(name, findings.list())
  return chunk
}

/** The same within limits; nothing is thrown. */
export function compileWithin(text: Uint8Array | string, name: string, limits: MeterLimits): Outcome {
  const meter = new Meter(limits)
  try {
    const source = toSource(text, name)
    const findings = new Findings(source)
    const chunk = chunkOf(source, findings, meter, false)
    if (chunk === undefined) return { kind: 'errors', diagnostics: findings.list(), fuel: meter.fuel }
    return { kind: 'chunk', chunk, fuel: meter.fuel }
  } catch (error) {
    if (!(error instanceof CompilingStopped)) throw error
    return { kind: 'stopped', reason: error.reason, fuel: Math.min(meter.fuel, limits.fuel) }
  }
}

/** All stages; undefined if something was found, which is in `findings` then. */
function chunkOf(source: Source, findings: Findings, meter: Meter, strip: boolean): Uint8Array | undefined {
  return guarded(findings, () => {
    const { main } = analyze(source, findings, meter)
    const generated: Generated | undefined = findings.empty ? generate(main, findings, strip) : undefined
    return generated && writeChunk(generated, source.name, strip)
  })
}

/** Runs stages of the compiler. If one throws what it shouldn't, that is a finding, too. */
function guarded<T>(findings: Findings, stages: () => T): T | undefined {
  try {
    return stages()
  } catch (error) {
    if (error instanceof CompilingStopped) throw error
    const { line, column } = findings.at
    const reason = error instanceof Error ? error.message : String(error)
    findings.add('internal', { reason }, { line, column, reached: Number.MAX_SAFE_INTEGER })
    return undefined
  }
}

/** Everything that is wrong with a script, in the order of the text as the reference reads it. */
export function check(text: Uint8Array | string, { name }: CompileOptions): Diagnostic[] {
  const source = toSource(text, name)
  const findings = new Findings(source)
  chunkOf(source, findings, new Meter(), false)
  return findings.list()
}

/** A file with this line describes something to editors, and isn't run. */
const DEFINITIONS = '---@meta'

/**
 * What is likely wrong with a script that compiles: globals and fields that don't exist, locals that are not used or hide
 * others, statements that nothing leads to. None for a script that can't be compiled.
 */
export function warnings(
  text: Uint8Array | string,
  {
    name,
    globals = [],
  }: CompileOptions & { /** Globals that others provide. */ readonly globals?: readonly string[] },
): Diagnostic[] {
  const source = toSource(text, name)
  const findings = new Findings(source)
  if (source.text.startsWith(DEFINITIONS)) return []
  const analysis = guarded(findings, () => analyze(source, findings))
  if (analysis === undefined || !findings.empty) return []
  return warningsOf(source, analysis.main, globals)
}
