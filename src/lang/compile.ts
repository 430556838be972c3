/**
 * The compiler: from script text to a chunk.
 *
 *     source ──lex, parse──▶ tree ──resolve──▶ tree ──generate──▶ protos ──write──▶ bytes
 */

import { warnOfAbsent } from './absent-names.ts'
import { CompileError, type Diagnostic, Findings } from './diagnostics.ts'
import { analyze } from './front-end.ts'
import { generate } from './generate.ts'
import { toSource } from './source.ts'
import { writeChunk } from './write-chunk.ts'

export interface CompileOptions {
  /** Name of the chunk, with the prefix `@` (file) or `=` (any name); otherwise the source text itself. */
  readonly name: string
  /** Leave out lines, operand names and local variables: errors then have no positions. */
  readonly strip?: boolean
}

/**
 * Compiles a script to the bytes that the VM loads (docs/design/vm.md, "Chunks"). The same text and name
 * give the same bytes. JavaScript strings are taken as UTF-8.
 *
 * @throws CompileError, with every diagnostic
 */
export function compile(text: Uint8Array | string, { name, strip = false }: CompileOptions): Uint8Array {
  const source = toSource(text, name)
  const { main, findings } = analyze(source)
  const generated = findings.empty ? generate(main, findings, strip) : undefined
  if (generated === undefined) throw new CompileError(name, findings.list())
  return writeChunk(generated, name, strip)
}

/** Everything that is wrong with a script, in the order of the text as the reference reads it. */
export function check(text: Uint8Array | string, { name }: CompileOptions): Diagnostic[] {
  const { main, findings } = analyze(toSource(text, name))
  if (findings.empty) generate(main, findings)
  return findings.list()
}

/** Uses of what Lua has and Moonring has not, such as `io.open`. None for a script that can't be compiled. */
export function warnings(text: Uint8Array | string, { name }: CompileOptions): Diagnostic[] {
  const source = toSource(text, name)
  const { main, findings } = analyze(source)
  if (!findings.empty) return []
  const found = new Findings(source)
  warnOfAbsent(main, found)
  return found.list()
}
