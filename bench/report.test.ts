import { expect, test } from 'vitest'
import type { BenchmarkResult } from './measure.ts'
import { asMarkdown, asText, failures, mismatches } from './report.ts'

const results: BenchmarkResult[] = [
  {
    name: 'fib',
    output: '1\n',
    engines: { base: { runs: [10], median: 10, ratio: 1 }, other: { runs: [20], median: 20, ratio: 2 } },
    mismatches: { other: '2\n' },
  },
  {
    name: 'long-name',
    output: '',
    engines: { base: { runs: [100], median: 100, ratio: 1 }, other: { failed: 'no //' } },
    mismatches: {},
  },
]

test('text columns are aligned', () => {
  expect(asText(results, ['base', 'other'], 'base')).toBe(
    [
      'benchmark       base ms  other ms         other',
      'fib                10.0      20.0         2.00×',
      'long-name         100.0         –             –',
      'geometric mean                     2.00× (of 1)',
      '',
    ].join('\n'),
  )
})

test('Markdown table', () => {
  expect(asMarkdown(results.slice(0, 1), ['base', 'other'], 'base')).toBe(
    [
      '| benchmark | base ms | other ms | other |',
      '| --- | ---: | ---: | ---: |',
      '| fib | 10.0 | 20.0 | 2.00× |',
      '| geometric mean |  |  | 2.00× |',
      '',
    ].join('\n'),
  )
})

test('what went wrong names the benchmark and the engine', () => {
  expect(failures(results)).toEqual(['long-name: other cannot run it: no //'])
  expect(mismatches(results)).toEqual(['fib: other prints "2\\n" instead of "1\\n"'])
})
