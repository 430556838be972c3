/**
 * What was typed in earlier sessions: $XDG_STATE_HOME/moonring/history, one line each, readable by its owner
 * only. A session goes on without it where it can't be read or written.
 * Directories: https://specifications.freedesktop.org/basedir-spec/
 */

import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

/** Lines that are kept. */
export const MOST_LINES = 1000

function historyPath(): string {
  const given = process.env.XDG_STATE_HOME ?? ''
  return join(isAbsolute(given) ? given : join(homedir(), '.local/state'), 'moonring/history')
}

/** Earlier lines, the latest first, as node:readline wants them. Shortens the file when it has grown. */
export function readHistory(): string[] {
  try {
    const path = historyPath()
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
    if (lines.length > 2 * MOST_LINES)
      writeFileSync(path, `${lines.slice(-MOST_LINES).join('\n')}\n`, { mode: 0o600 })
    return lines.slice(-MOST_LINES).reverse()
  } catch {
    return []
  }
}

/** Adds a line. */
export function appendHistory(line: string): void {
  try {
    const path = historyPath()
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    appendFileSync(path, `${line}\n`, { mode: 0o600 })
  } catch {
    // a session without history is still a session
  }
}
