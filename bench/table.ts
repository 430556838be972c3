/** Rows of cells as text: the first row is the heading, the first column names the rows. */

/** For a terminal: names left-aligned, numbers right-aligned. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] as string[]).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] as string).length)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] as number
        return column === 0 ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd()
  return `${rows.map(line).join('\n')}\n`
}

/** For documents. */
export function markdownTable([heading, ...body]: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`
  const rule = (heading as string[]).map((_, column) => (column === 0 ? '---' : '---:'))
  return `${[heading as string[], rule, ...body].map(line).join('\n')}\n`
}
