import { describe, expect, test } from 'vitest'
import { formatSize, optionSize, parseCount, parseSize, parseTime } from './size.ts'

describe('sizes', () => {
  const cases: [text: string, bytes: number | undefined][] = [
    ['65536', 65536],
    ['64K', 65536],
    ['64k', 65536],
    ['1M', 1048576],
    ['1MiB', 1048576],
    ['1MB', 1048576],
    ['1g', 1073741824],
    ['', undefined],
    ['K', undefined],
    ['1.5M', undefined],
    ['-1', undefined],
    ['1T', undefined],
    ['1e6', undefined],
  ]
  test.each(cases)('%j', (text, bytes) => expect(parseSize(text)).toBe(bytes))

  test('are shown with units, and as options that mean the same', () => {
    expect([1000, 65536, 1048576, 1572864].map(formatSize)).toEqual([
      '1000 bytes',
      '64 KiB',
      '1 MiB',
      '1.5 MiB',
    ])
    for (const bytes of [1024, 65536, 1 << 20, 1 << 30]) expect(parseSize(optionSize(bytes))).toBe(bytes)
  })
})

test('counts', () => {
  expect(['1', '100_000', '0', '', '-1', '1.0', '1e3', '_'].map(parseCount)).toEqual([
    1,
    100000,
    ...Array(6).fill(undefined),
  ])
})

test('times, in milliseconds', () => {
  expect(['10ms', '500us', '500µs', '1.5s', '20US'].map(parseTime)).toEqual([10, 0.5, 0.5, 1500, 0.02])
  for (const text of ['', '10', 'ms', '0ms', '-1ms', '1e3ms', '10 ms', '1h', '0.0s'])
    expect([text, parseTime(text)]).toEqual([text, undefined])
})
