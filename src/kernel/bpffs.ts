/** The file system in which maps, programs and links are pinned: where it is, and mounting it. */
import { mkdirSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SystemCalls } from '../ffi/system-calls.ts'
import { textMemory } from './attributes.ts'
import { type ReadText, readText } from './capabilities.ts'
import { errnoName, KernelError, NotAvailable, NotPermitted } from './errors.ts'
import { kernelError, systemCalls } from './system.ts'

/** Where distributions mount it. */
export const BPFFS_DIRECTORY = '/sys/fs/bpf'

/** MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RELATIME */
const MOUNT_FLAGS = 0x2 | 0x4 | 0x8 | 0x200000
/** Only root may look into it. */
const MOUNT_OPTIONS = 'mode=700'

/** A mount point with its file system, from /proc/self/mounts. */
interface Mount {
  readonly directory: string
  readonly type: string
}

function mounts(read: ReadText): Mount[] {
  return (read('/proc/self/mounts') ?? '').split('\n').flatMap((line) => {
    const [, directory, type] = line.split(' ')
    // blanks in names are written in octal
    const unescaped = directory?.replace(/\\(\d{3})/g, (_, digits) =>
      String.fromCharCode(Number.parseInt(digits, 8)),
    )
    return unescaped === undefined || type === undefined ? [] : [{ directory: unescaped, type }]
  })
}

/** Directories at which a file system of this type is mounted. */
export function mountPoints(type: string, read: ReadText = readText): string[] {
  return mounts(read).flatMap((mount) => (mount.type === type ? [mount.directory] : []))
}

/** As the kernel names it: absolute, and without symbolic links where it exists. */
function realPath(directory: string): string {
  try {
    return realpathSync(directory)
  } catch {
    return resolve(directory)
  }
}

/** Whether a directory lies in a mounted bpffs: the innermost mount above it decides. */
export function isInBpffs(directory: string, read: ReadText = readText): boolean {
  const path = realPath(directory)
  const above = mounts(read).filter(
    (mount) => mount.directory === '/' || `${path}/`.startsWith(`${mount.directory}/`),
  )
  const innermost = above.reduce<Mount | undefined>(
    (best, mount) => (best === undefined || mount.directory.length >= best.directory.length ? mount : best),
    undefined,
  )
  return innermost?.type === 'bpf'
}

/**
 * Mounts bpffs at a directory, unless it is there already.
 * @throws NotPermitted, NotAvailable, KernelError
 */
export function ensureBpffs(directory: string = BPFFS_DIRECTORY, system: SystemCalls = systemCalls()): void {
  if (isInBpffs(directory)) return
  const action = `mount bpffs at ${directory}`
  try {
    mkdirSync(directory, { recursive: true })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const hint = 'name another directory with MOONRING_BPFFS, or run it with sudo'
    const code = String(error.code)
    if (code === 'EACCES' || code === 'EPERM')
      throw new NotPermitted(`Cannot ${action}: ${error.message}`, hint, code)
    throw new KernelError('KERNEL', `Cannot ${action}: ${error.message}`, hint, code)
  }
  const [type, target, data] = ['bpf', directory, MOUNT_OPTIONS].map((text) => textMemory(system, text))
  const result = system.mount(type!, target!, MOUNT_FLAGS, data!)
  if (result >= 0) return
  if (errnoName(result) === 'ENODEV') {
    const hint = 'run a kernel with CONFIG_BPF_SYSCALL=y'
    throw new NotAvailable(`Cannot ${action}: this kernel has no bpffs`, hint, 'ENODEV')
  }
  throw kernelError(result, { action, capabilities: ['CAP_SYS_ADMIN'] })
}
