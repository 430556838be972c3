/**
 * What was typed in earlier sessions: $XDG_STATE_HOME/moonring/history, one line each, readable by its owner
 * only. A session goes on without it where it can't be read or written, or where another user could put something else in
 * its place: with sudo the folder may be that of another user.
 * Directories: https://specifications.freedesktop.org/basedir-spec/
 */

import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { TrustedFolder } from '../host/trusted-folder.ts'

/** Lines that are kept. */
export const MOST_LINES = 1000
/** Bytes of the file. */
const MOST_BYTES = 16 << 20

const NAME = 'history'

function openFolder(): TrustedFolder {
  const given = process.env.XDG_STATE_HOME ?? ''
  const path = join(isAbsolute(given) ? given : join(homedir(), '.local/state'), 'moonring')
  return TrustedFolder.open(path, { make: 0o700 })
}

/** Earlier lines, the latest first, as node:readline wants them. Shortens the file when it has grown. */
export function readHistory(): string[] {
  try {
    using folder = openFolder()
    const lines = (folder.read(NAME, MOST_BYTES) ?? '').split('\n').filter((line) => line !== '')
    if (lines.length > 2 * MOST_LINES)
      folder.write(NAME, `${lines.slice(-MOST_LINES).join('\n')}\n`, { mode: 0o600 })
    return lines.slice(-MOST_LINES).reverse()
  } catch {
    return []
  }
}

/** Adds a line. */
export function appendHistory(line: string): void {
  try {
    using folder = openFolder()
    folder.append(NAME, `${line}\n`, 0o600)
  } catch {
    // a session without history is still a session
  }
}
