/** Prints rows of the matrix: for people, and into docs/kernels.md. Pure. */
import type { Row } from './row.ts'

const HEAD = ['kernel', 'result', 'tests', 'verifier processed', 'machine code', 'time'] as const

const count = (value: number): string => value.toLocaleString('en-US')

/** `–` stands for what wasn't measured. */
function cellsOf({ kernel, result, tests, verifier, seconds }: Row): string[] {
  const skipped = tests && tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''
  return [
    kernel,
    result,
    tests ? `${tests.passed} passed${tests.failed > 0 ? `, ${tests.failed} failed` : ''}${skipped}` : '–',
    verifier ? count(verifier.processed) : '–',
    verifier?.machineCode === undefined ? '–' : `${verifier.machineCode.toFixed(1)} kB`,
    seconds > 0 ? `${Math.round(seconds)} s` : '–',
  ]
}

/** Columns, then the reasons of rows that didn't pass. */
export function textMatrix(rows: readonly Row[]): string {
  const cells = [[...HEAD], ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => (row[column] as string).length)))
  const lines = cells.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] as number))
      .join('  ')
      .trimEnd(),
  )
  const reasons = rows.flatMap(({ kernel, reasons }) => reasons.map((reason) => `${kernel}: ${reason}`))
  return [...lines, ...(reasons.length > 0 ? ['', ...reasons] : []), ''].join('\n')
}

const BEGIN = '<!-- matrix: npm run test:kernels -- --write-docs -->'
const END = '<!-- end of matrix -->'

/**
 * A document with its matrix replaced.
 * @param date as the document shows it
 * @throws Error if the document has no place for it
 */
export function withMatrix(document: string, rows: readonly Row[], date: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`no place for the matrix: ${BEGIN} … ${END}`)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const table = [line(HEAD), `|${HEAD.map(() => '---|').join('')}`, ...rows.map((row) => line(cellsOf(row)))]
  const text = [BEGIN, `Run on ${date}.`, '', ...table, ''].join('\n')
  return document.slice(0, begin) + text + document.slice(end)
}
