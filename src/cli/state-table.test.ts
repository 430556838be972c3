/** Tables of named states, as wide as the terminal. */
import { expect, test } from 'vitest'
import { paintFor } from './paint.ts'
import { type Column, drawTable } from './state-table.ts'

const COLUMNS: readonly Column[] = [
  ['name', 'left'],
  ['calls', 'right'],
  ['description', 'left'],
]
const TEXT = 'which of the packets that leave are looked at, and by whom'
const ROWS = [
  ['guard', '1,234,567', TEXT],
  ['ssh', '8', 'short'],
]

test('lines are as long as they are where there is no terminal', () => {
  expect(drawTable(COLUMNS, ROWS, paintFor(1)).split('\n')).toEqual([
    'name       calls  description',
    `guard  1,234,567  ${TEXT}`,
    'ssh            8  short',
    '',
  ])
})

test.each([80, 60, 40])('in %i columns long cells take several lines, and lose nothing', (width) => {
  const lines = drawTable(COLUMNS, ROWS, paintFor(1), width).split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
  const words = lines.map((line) => line.slice(18)).join(' ')
  expect(words.split(/ +/).join(' ')).toContain(TEXT)
})

test('in too few columns for all of it, cells stay whole words', () => {
  expect(drawTable(COLUMNS, ROWS, paintFor(1), 10)).toContain('1,234,567')
})
