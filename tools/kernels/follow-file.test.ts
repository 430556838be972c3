import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { followFile } from './follow-file.ts'

test('what was added comes through, characters whole, from a file that comes later', () => {
  const folder = mkdtempSync(join(tmpdir(), 'follow-'))
  try {
    let text = ''
    const path = join(folder, 'output')
    const follower = followFile(path, (part) => {
      text += part
    })
    const line = `${'–'.repeat(30_000)}\n`
    appendFileSync(path, line)
    appendFileSync(path, line)
    follower.stop()
    expect(text).toBe(line + line)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
