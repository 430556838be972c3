/** Runs bin/moonring as people do, for the tests of the command line. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Ended } from '../tools/network/service.ts'

export const root = join(import.meta.dirname, '..')
export const program = join(root, 'bin/moonring')

/** A directory for the files of one test file. */
export class ScratchFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'moonring-'))

  /** Writes a file. Returns its name, for commands that run here. */
  file(name: string, content: string | Uint8Array): string {
    writeFileSync(join(this.path, name), content)
    return name
  }

  /** Runs the command here. No failure may show a JavaScript stack. */
  run(args: readonly string[], input: string | Uint8Array = ''): Ended {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: this.path,
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, FORCE_COLOR: '', MOONRING_DEBUG: '', XDG_STATE_HOME: this.path },
    })
    expect(stderr).not.toMatch(/\n {4}at |node:internal/)
    return { exit: status, out: stdout, err: stderr }
  }

  /** Runs a script given as text. */
  script(text: string | Uint8Array, ...args: string[]): Ended {
    return this.run(['run', this.file('script.lua', text), ...args])
  }

  remove(): void {
    rmSync(this.path, { recursive: true })
  }
}
