import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { textMatrix, withMatrix } from './matrix.ts'
import type { Row } from './row.ts'

const ROWS: Row[] = [
  {
    kernel: '6.12.117+deb13-amd64',
    result: 'passed',
    reasons: [],
    tests: { passed: 12, failed: 0, skipped: 1 },
    verifier: { processed: 34889, machineCode: 206 },
    seconds: 61.4,
  },
  {
    kernel: '6.18.15+deb13-amd64',
    result: 'failed',
    reasons: ['test: a', 'kernel: BUG: b'],
    tests: { passed: 11, failed: 1, skipped: 0 },
    verifier: { processed: 5000, machineCode: undefined },
    seconds: 7,
  },
  {
    kernel: '7.0',
    result: 'skipped',
    reasons: ['not there'],
    tests: undefined,
    verifier: undefined,
    seconds: 0,
  },
]

test('columns, then reasons', () => {
  expect(textMatrix(ROWS)).toMatchInlineSnapshot(`
    "kernel                result   tests                 verifier processed  machine code  time
    6.12.117+deb13-amd64  passed   12 passed, 1 skipped  34,889              206.0 kB      61 s
    6.18.15+deb13-amd64   failed   11 passed, 1 failed   5,000               –             7 s
    7.0                   skipped  –                     –                   –             –

    6.18.15+deb13-amd64: test: a
    6.18.15+deb13-amd64: kernel: BUG: b
    7.0: not there
    "
  `)
})

test('the document gets the table once, however often it is written', () => {
  const document = readFileSync('docs/kernels.md', 'utf8')
  const once = withMatrix(document, ROWS, '2026-01-02')
  expect(once).toContain('Run on 2026-01-02.\n\n| kernel | result |')
  expect(once).toContain(
    '| 6.12.117+deb13-amd64 | passed | 12 passed, 1 skipped | 34,889 | 206.0 kB | 61 s |\n',
  )
  expect(withMatrix(once, ROWS, '2026-01-02')).toBe(once)
  expect(once.slice(0, 200)).toBe(document.slice(0, 200))
  expect(once.slice(-200)).toBe(document.slice(-200))
})

test('a document without a place for it', () => {
  expect(() => withMatrix('# Kernels\n', ROWS, '2026-01-02')).toThrow('no place for the matrix')
})
