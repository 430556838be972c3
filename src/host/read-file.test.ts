import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { decodeBytes } from './printable.ts'
import { ReadError, readBounded } from './read-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'moonring-'))
afterAll(() => rmSync(folder, { recursive: true }))

const at = (name: string) => join(folder, name)

function refusal(path: string, most = 100): ReadError {
  try {
    readBounded(path, { most })
  } catch (error) {
    if (error instanceof ReadError) return error
    throw error
  }
  throw new Error(`${path} was read`)
}

test('reads what is within the limit, to its last byte', () => {
  writeFileSync(at('full'), 'x'.repeat(100))
  writeFileSync(at('over'), 'x'.repeat(101))
  writeFileSync(at('empty'), '')
  expect(readBounded(at('full'), { most: 100 })).toHaveLength(100)
  expect(readBounded(at('empty'), { most: 100 })).toHaveLength(0)
  expect(refusal(at('over'))).toMatchObject({ kind: 'large', size: 101 })
  expect(readBounded('/dev/null', { most: 100 })).toHaveLength(0)
})

test('a file that says it is empty is read, and is held to the limit', () => {
  expect(readBounded('/proc/self/status', { most: 1 << 20 }).toString()).toContain('Name:')
  expect(refusal('/proc/self/status', 10)).toMatchObject({ kind: 'large' })
})

test('what has no end is refused before it is read', () => {
  symlinkSync('/dev/zero', at('link'))
  for (const path of ['/dev/zero', '/dev/urandom', '/dev/full', at('link')])
    expect(refusal(path).message).toBe('it is a device, which need not end')
  expect(refusal(folder).kind).toBe('directory')
})

test('a pipe without end is read up to the limit', () => {
  const fifo = at('fifo')
  spawnSync('mkfifo', [fifo])
  spawnSync('sh', ['-c', `(timeout 20 cat /dev/zero > '${fifo}') >/dev/null 2>&1 &`])
  expect(refusal(fifo, 1 << 20)).toMatchObject({ kind: 'large' })
})

test('the first bytes may end the reading', () => {
  writeFileSync(at('text'), 'no capture')
  const first = () => {
    throw new Error('seen')
  }
  expect(() => readBounded(at('text'), { most: 100, first })).toThrow('seen')
})

test('names that are no UTF-8, names that are none, what the system says', () => {
  const name = Buffer.concat([Buffer.from(at('')), Buffer.from([0x66, 0xff])])
  writeFileSync(name, 'bytes')
  expect(readBounded(decodeBytes(name), { most: 100 }).toString()).toBe('bytes')
  expect(refusal(at('none'))).toMatchObject({ kind: 'system', errno: 'ENOENT' })
  expect(refusal('a\0b').message).toBe('its name holds a zero byte')
})
