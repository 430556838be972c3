/** Runs a program of the host to its end. */
import { spawnSync } from 'node:child_process'
import { KernelsError } from './unavailable.ts'

/**
 * What the program printed on its standard output.
 * @param what for the error: `Cannot ${what}: …`
 * @throws KernelsError with the last lines of its standard error, if it fails
 */
export function runProgram(what: string, command: string, args: readonly string[], cwd?: string): Buffer {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, LC_ALL: 'C' },
  })
  if (status === 0) return stdout
  const reason = error?.message ?? stderr.toString().trim().split('\n').slice(-3).join('; ')
  throw new KernelsError(
    1,
    'KERNELS_PROGRAM_FAILED',
    `Cannot ${what}: ${reason}`,
    `The command was ${command}.`,
  )
}
