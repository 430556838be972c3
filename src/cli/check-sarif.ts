/** Findings of `moonring check` as SARIF 2.1.0 (OASIS standard), which editors and code hosts read. */

import { fromByteString } from '../lang/chunk-name.ts'
import { DIAGNOSTICS, type DiagnosticRow } from '../lang/diagnostic-table.ts'
import type { Diagnostic } from '../lang/diagnostics.ts'
import { Lines } from '../lang/source.ts'
import { version } from '../named/version.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** A file that has been checked. */
export interface CheckedFile {
  readonly name: string
  readonly text: Uint8Array
  readonly found: readonly Diagnostic[]
}

export interface UnreadableFile {
  readonly file: string
  readonly code: string
  readonly message: string
}

export function sarifLog(files: readonly CheckedFile[], unreadable: readonly UnreadableFile[]): object {
  const rows: DiagnosticRow[] = Object.values(DIAGNOSTICS)
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'moonring', version: version(), rules: rows.map(rule) } },
        columnKind: 'utf16CodeUnits',
        results: files.flatMap((file) => resultsOf(file, rows)),
        invocations: [
          {
            executionSuccessful: unreadable.length === 0,
            toolExecutionNotifications: unreadable.map(({ file, code, message }) => ({
              level: 'error',
              message: { text: message },
              descriptor: { id: code },
              locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) } } }],
            })),
          },
        ],
      },
    ],
  }
}

function rule({ code, message, hint, severity }: DiagnosticRow): object {
  return {
    id: code,
    shortDescription: { text: message },
    ...(hint === undefined ? {} : { help: { text: hint } }),
    defaultConfiguration: { level: severity ?? 'error' },
  }
}

function resultsOf({ name, text, found }: CheckedFile, rows: readonly DiagnosticRow[]): object[] {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1')
  const lines = new Lines(bytes)
  return found.map((diagnostic) => {
    const { code, severity, message, hint, near, line, column, length } = diagnostic
    const start = lines.offset(line)
    const columnAt = (byte: number) => fromByteString(bytes.slice(start, start + byte)).length + 1
    const shown = near === undefined ? message : `${message} near ${near}`
    return {
      ruleId: code,
      ruleIndex: rows.findIndex((row) => row.code === code),
      level: severity ?? 'error',
      message: { text: hint === undefined ? shown : `${shown}; ${hint}` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(name) },
            region: {
              startLine: line,
              startColumn: columnAt(column - 1),
              endColumn: columnAt(column - 1 + length),
            },
          },
        },
      ],
    }
  })
}

/** A path as a relative or absolute reference (RFC 3986). */
function uriOf(path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  return path.startsWith('/') ? `file://${encoded}` : encoded
}
