import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { afterAll, describe, expect, test } from 'vitest'
import { TrustedFolder, Untrusted } from './trusted-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'moonring-'))
afterAll(() => rmSync(root, { recursive: true }))
const isRoot = process.getuid?.() === 0

let count = 0
/** A new folder. */
function scratch(): string {
  const path = join(root, String(count++))
  mkdirSync(path)
  return path
}

function refusal(step: () => unknown): string {
  try {
    step()
  } catch (error) {
    if (error instanceof Untrusted) return error.message
    throw error
  }
  throw new Error('it was trusted')
}

describe('whom a folder can be changed by', () => {
  test('others may not write to it, nor to any part of its path', () => {
    const base = scratch()
    mkdirSync(join(base, 'a/b'), { recursive: true })
    for (const [mode, isFine] of [
      [0o755, true],
      [0o700, true],
      [0o1777, true],
      [0o777, false],
      [0o775, false],
      [0o757, false],
    ] as const)
      for (const part of ['a', 'a/b']) {
        chmodSync(join(base, part), mode)
        const open = () => TrustedFolder.open(join(base, 'a/b')).close()
        if (isFine) open()
        else
          expect(refusal(open)).toBe(
            `${join(base, part)} can't be trusted: others may write to it (mode ${mode.toString(8)})`,
          )
        chmodSync(join(base, part), 0o755)
      }
  })

  test.skipIf(!isRoot)('it belongs to this user or to root, and so does its path (needs root)', () => {
    const base = scratch()
    mkdirSync(join(base, 'a/b'), { recursive: true })
    for (const part of ['a', 'a/b']) {
      chownSync(join(base, part), 65534, 65534)
      expect(refusal(() => TrustedFolder.open(join(base, 'a/b')))).toContain('it belongs to the user 65534')
      chownSync(join(base, part), 0, 0)
    }
  })
})

describe('links', () => {
  test('are followed in the path that is given, and never below it', () => {
    const base = scratch()
    mkdirSync(join(base, 'real'))
    writeFileSync(join(base, 'real/file'), 'kept')
    symlinkSync('real', join(base, 'link'))
    symlinkSync('real/file', join(base, 'file'))
    using given = TrustedFolder.open(join(base, 'link'))
    expect(given.path).toBe(join(base, 'real'))
    using folder = TrustedFolder.open(base)
    expect(refusal(() => folder.folder('link'))).toBe(`${join(base, 'link')} is a symbolic link`)
    expect(refusal(() => folder.read('file', 100))).toContain('is a symbolic link')
    expect(refusal(() => folder.append('file', 'x', 0o600))).toContain('is a symbolic link')
    folder.write('file', 'new', { mode: 0o600 })
    expect(readFileSync(join(base, 'real/file'), 'utf8')).toBe('kept')
    expect(lstatSync(join(base, 'file')).isFile()).toBe(true)
    symlinkSync('real/file', join(base, 'again'))
    folder.remove('again')
    expect(readFileSync(join(base, 'real/file'), 'utf8')).toBe('kept')
    for (const name of ['..', '.', 'a/b', 'a\0'])
      expect(refusal(() => folder.at(name))).toContain('is no name')
  })

  test('that appear and vanish meanwhile lead nowhere', async () => {
    const base = scratch()
    const victim = scratch()
    writeFileSync(join(victim, 'moonring'), 'kept')
    mkdirSync(join(base, 'a/b'), { recursive: true })
    const swap = (part: string) =>
      `mv ${part} ${part}.kept; ln -s ${victim} ${part}; rm ${part}; mv ${part}.kept ${part};`
    const racer = spawn('sh', ['-c', `cd ${base}; while :; do ${swap('a')} ${swap('a/b')} done`], {
      stdio: 'ignore',
    })
    let opened = 0
    try {
      const end = performance.now() + 3000
      while (performance.now() < end) {
        try {
          using outer = TrustedFolder.open(base)
          using a = outer.folder('a')
          using folder = a.folder('b', { make: 0o700 })
          folder.write('moonring', 'ours', { mode: 0o600 })
          folder.remove('moonring')
          opened++
        } catch {
          // it was a link, or not there
        }
        await new Promise(setImmediate)
      }
    } finally {
      racer.kill('SIGKILL')
      await new Promise((resolve) => racer.once('close', resolve))
    }
    expect(opened).toBeGreaterThan(0)
    expect(readdirSync(victim)).toEqual(['moonring'])
    expect(readFileSync(join(victim, 'moonring'), 'utf8')).toBe('kept')
  })
})

test('a file is written in one step, and new ones only where there is none', () => {
  const base = scratch()
  using folder = TrustedFolder.open(base)
  folder.write('file', 'one', { mode: 0o600, isNew: true })
  expect(() => folder.write('file', 'two', { mode: 0o600, isNew: true })).toThrow('EEXIST')
  expect(folder.read('file', 100)).toBe('one')
  folder.write('file', 'three', { mode: 0o600 })
  expect(folder.read('file', 100)).toBe('three')
  expect(refusal(() => folder.read('file', 4))).toContain('too large')
  expect([folder.read('none', 4), lstatSync(join(base, 'file')).mode & 0o777]).toEqual([undefined, 0o600])
  expect(readdirSync(base)).toEqual(['file'])
})

test('a socket has its mode before it has its name', async () => {
  const base = scratch()
  using folder = TrustedFolder.open(base)
  const server = createServer()
  const before = process.umask(0)
  try {
    await folder.makeSocket('s.sock', { mode: 0o600 }, (path) => {
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
      expect(folder.status('s.sock')).toBeUndefined()
      return new Promise((resolve) => server.listen(path, resolve))
    })
  } finally {
    process.umask(before)
  }
  const status = lstatSync(join(base, 's.sock'))
  expect([status.isSocket(), status.mode & 0o777]).toEqual([true, 0o600])
  expect(readdirSync(base)).toEqual(['s.sock'])
  const again = createServer()
  const bind = (path: string) => new Promise<void>((resolve) => again.listen(path, resolve))
  await expect(folder.makeSocket('s.sock', { mode: 0o600 }, bind)).rejects.toThrow('EEXIST')
  expect(readdirSync(base)).toEqual(['s.sock'])
  for (const each of [server, again]) await new Promise((resolve) => each.close(resolve))
})
