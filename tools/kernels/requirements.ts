/** The programs that the matrix needs on the host, and the Debian packages that bring them. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { KernelsError } from './unavailable.ts'

export interface Program {
  readonly name: string
  /** The Debian package that brings it. */
  readonly package: string
}

export const PROGRAMS: readonly Program[] = [
  { name: 'qemu-system-x86_64', package: 'qemu-system-x86' },
  { name: 'apt-get', package: 'apt' },
  { name: 'apt-cache', package: 'apt' },
  { name: 'dpkg-deb', package: 'dpkg' },
]

/** Where the shell would find a program. */
export function findProgram(name: string, path: string | undefined): string | undefined {
  const folders = (path ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Why the matrix can't run here, or undefined if it can. `find` says where a program is. */
export function missingRequirement(
  find: (name: string) => string | undefined,
  architecture: string = process.arch,
): KernelsError | undefined {
  if (architecture !== 'x64')
    return new KernelsError(
      4,
      'KERNELS_ARCHITECTURE',
      `Cannot boot kernels: this machine is ${architecture}; the guest runs the host's programs, for x64 only`,
      'Run it on an x86-64 machine.',
    )
  const missing = PROGRAMS.filter(({ name }) => find(name) === undefined)
  if (missing.length === 0) return undefined
  const packages = [...new Set(missing.map((program) => program.package))]
  return new KernelsError(
    4,
    'KERNELS_MISSING_PROGRAM',
    `Cannot boot kernels: ${missing.map(({ name }) => name).join(', ')} not found`,
    packages.includes('apt')
      ? 'Kernels come from Debian packages: run it on Debian or a system derived from it.'
      : `Install it: apt-get install --no-install-recommends ${packages.join(' ')}`,
  )
}
