import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { snapshot } from './snapshot.ts'

test('files as they were, without packages and history', () => {
  const directory = mkdtempSync(join(tmpdir(), 'snapshot-'))
  for (const folder of ['src/deep', 'node_modules', '.git'])
    mkdirSync(join(directory, folder), { recursive: true })
  writeFileSync(join(directory, 'src/deep/a.ts'), 'before')
  const copy = snapshot(directory)
  try {
    writeFileSync(join(directory, 'src/deep/a.ts'), 'after')
    expect(readFileSync(join(copy, 'src/deep/a.ts'), 'utf8')).toBe('before')
    expect(['node_modules', '.git'].filter((name) => existsSync(join(copy, name)))).toEqual([])
  } finally {
    for (const folder of [directory, copy]) rmSync(folder, { recursive: true })
  }
})
