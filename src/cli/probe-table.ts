/** The tables of `doctor` and `hooks`: a line for each thing that was tried, and what to do about gaps. */

import type { Paint } from './paint.ts'

export interface ReportOptions {
  readonly json?: true
}

/** What was tried. */
export interface Probed {
  readonly name: string
  /** A further column; the same in all rows or in none. */
  readonly detail?: string
  readonly available: boolean
  readonly reason: string
  /** What to do where it is missing. */
  readonly remedy: string
}

const GAP = 2
const STATUS = { ok: 'ok', missing: 'missing' } as const
/** Narrower than this, reasons would be columns of single words. */
const LEAST_REASON = 20

/**
 * Draws the table, each line with a newline.
 * @param head titles of the columns for names and, where rows have them, details
 * @param width columns of the terminal
 */
export function drawProbes(
  head: readonly string[],
  rows: readonly Probed[],
  width: number,
  paint: Paint,
): string {
  const columns = rows.map(({ name, detail }) => (detail === undefined ? [name] : [name, detail]))
  const widths = head.map((title, i) => Math.max(title.length, ...columns.map((cells) => cells[i]!.length)))
  const pad = (cells: readonly string[]) => cells.map((cell, i) => cell.padEnd(widths[i]! + GAP)).join('')
  const statusWidth = STATUS.missing.length + GAP
  const indent = pad(head).length + statusWidth
  const room = Math.max(width - indent, LEAST_REASON)
  const lines = [paint.bold(`${pad(head)}status`)]
  rows.forEach((row, i) => {
    const status = row.available ? STATUS.ok : paint.red(STATUS.missing)
    const gap = ' '.repeat(statusWidth - (row.available ? STATUS.ok : STATUS.missing).length)
    const notes = [...wrap(row.reason, room), ...(row.available ? [] : wrap(`-> ${row.remedy}`, room))]
    const [first = '', ...others] = notes
    lines.push(`${pad(columns[i]!)}${status}${gap}${paint.dim(first)}`.trimEnd())
    for (const note of others) lines.push(`${' '.repeat(indent)}${paint.dim(note)}`)
  })
  return lines.map((line) => `${line}\n`).join('')
}

/** Breaks a text at blanks into lines of at most `width` characters, unless a word is longer. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
