import { expect, test } from 'vitest'
import { writeCpio } from './cpio.ts'

/** Entries of an archive, read by the format's description. */
function readCpio(bytes: Uint8Array): { path: string; mode: number; inode: number; content: string }[] {
  const text = Buffer.from(bytes).toString('latin1')
  const entries = []
  for (let at = 0; at < text.length; ) {
    expect(text.slice(at, at + 6)).toBe('070701')
    const field = (i: number): number => Number.parseInt(text.slice(at + 6 + i * 8, at + 14 + i * 8), 16)
    const nameEnd = at + 110 + field(11)
    const start = (nameEnd + 3) & ~3
    expect(text[nameEnd - 1]).toBe('\0')
    entries.push({
      path: text.slice(at + 110, nameEnd - 1),
      inode: field(0),
      mode: field(1),
      content: text.slice(start, start + field(6)),
    })
    at = (start + field(6) + 3) & ~3
  }
  return entries
}

test('folders, files of any length, and the end', () => {
  const contents = ['', 'a', 'ab', 'abc', 'abcd']
  const files = contents.map((content, i) => ({
    path: `bin/${'n'.repeat(i)}`,
    mode: 0o100755,
    content: Buffer.from(content),
  }))
  const entries = readCpio(writeCpio([{ path: 'bin', mode: 0o040755 }, ...files]))
  expect(entries.map(({ path }) => path)).toEqual(['bin', ...files.map(({ path }) => path), 'TRAILER!!!'])
  expect(entries.map(({ content }) => content)).toEqual(['', ...contents, ''])
  expect(entries[1]?.mode).toBe(0o100755)
})

test('inodes differ, or files would be taken for links of each other', () => {
  const entries = readCpio(
    writeCpio([
      { path: 'a', mode: 0o100644 },
      { path: 'b', mode: 0o100644 },
    ]),
  )
  expect(new Set(entries.map(({ inode }) => inode)).size).toBe(3)
})

test('a device has its numbers', () => {
  const text = Buffer.from(
    writeCpio([{ path: 'dev/console', mode: 0o020600, device: { major: 5, minor: 1 } }]),
  )
  expect(text.subarray(6 + 9 * 8, 6 + 11 * 8).toString()).toBe('0000000500000001')
})
