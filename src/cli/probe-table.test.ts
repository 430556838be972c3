import { expect, test } from 'vitest'
import { paintIf } from './paint.ts'
import { drawProbes } from './probe-table.ts'

const ok = { name: 'bpf', available: true, reason: '', remedy: 'run another kernel' }
const missing = {
  name: 'bpffs',
  available: false,
  reason: 'not mounted at /sys/fs/bpf',
  remedy: 'mount -t bpf bpf /sys/fs/bpf',
}

test('columns, and what to do about gaps', () => {
  expect(drawProbes(['feature'], [ok, missing], 50, paintIf(false))).toBe(
    [
      'feature  status',
      'bpf      ok',
      'bpffs    missing  not mounted at /sys/fs/bpf',
      '                  -> mount -t bpf bpf /sys/fs/bpf',
      '',
    ].join('\n'),
  )
})

test('a further column, narrow terminals, words that are too long', () => {
  const rows = [{ ...missing, detail: 'NETFILTER' }]
  expect(drawProbes(['hook', 'program'], rows, 40, paintIf(false))).toBe(
    [
      'hook   program    status',
      'bpffs  NETFILTER  missing  not mounted at',
      '                           /sys/fs/bpf',
      '                           -> mount -t bpf bpf',
      '                           /sys/fs/bpf',
      '',
    ].join('\n'),
  )
  const long = { ...ok, reason: 'x'.repeat(60) }
  expect(drawProbes(['feature'], [long], 30, paintIf(false))).toContain('x'.repeat(60))
})

test('colours do not move columns', () => {
  const drawn = drawProbes(['feature'], [ok, missing], 50, paintIf(true))
  expect(drawn).toContain('\x1b[31mmissing\x1b[39m  ')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes of colours
  expect(drawn.replaceAll(/\x1b\[\d+m/g, '')).toBe(drawProbes(['feature'], [ok, missing], 50, paintIf(false)))
})
