/** The file system in which maps, programs and links are pinned: where it is, and mounting it. */
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SystemCalls } from '../ffi/system-calls.ts'
import { systemError } from '../host/system-error.ts'
import { ownUser, TrustedFolder, Untrusted } from '../host/trusted-folder.ts'
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

/** BPF_FS_MAGIC of linux/magic.h. */
const BPF_FS_MAGIC = 0xcafe4a11

const isBpffs = (folder: TrustedFolder): boolean => folder.fileSystem === BPF_FS_MAGIC

/**
 * Opens a directory of a mounted bpffs; undefined where it isn't mounted yet.
 * @throws KernelError for a directory of another file system that isn't empty, or that others could exchange; NotPermitted
 */
export function openBpffs(directory: string = BPFFS_DIRECTORY): TrustedFolder | undefined {
  const action = `use ${directory} as bpffs`
  return inWords(action, () => {
    let folder: TrustedFolder
    try {
      folder = TrustedFolder.open(directory)
    } catch (error) {
      if (systemError(error)?.code === 'ENOENT') return undefined
      throw error
    }
    if (isBpffs(folder)) return folder
    try {
      requireEmpty(folder)
      return undefined
    } finally {
      folder.close()
    }
  })
}

/** @throws Untrusted for a directory that is in use for something else: nothing there is ours */
function requireEmpty(folder: TrustedFolder): void {
  if (folder.names().length > 0)
    throw new Untrusted(
      `${folder.path} is another file system, and it is not empty`,
      'name another directory with MOONRING_BPFFS, or none',
    )
}

/**
 * Opens a directory of bpffs, which is mounted there unless it is already: at the usual place, or at an empty directory of this
 * process's user, which is made if it is missing.
 * @throws NotPermitted, NotAvailable, KernelError
 */
export function ensureBpffs(
  directory: string = BPFFS_DIRECTORY,
  system: SystemCalls = systemCalls(),
): TrustedFolder {
  const mounted = openBpffs(directory)
  if (mounted !== undefined) return mounted
  return inWords(`mount bpffs at ${directory}`, () => {
    using folder = TrustedFolder.open(directory, { make: 0o700 })
    // made within one that is mounted
    if (isBpffs(folder)) return TrustedFolder.open(directory)
    if (folder.path !== BPFFS_DIRECTORY) {
      requireEmpty(folder)
      const { uid } = folder.own
      if (uid !== ownUser())
        throw new Untrusted(
          `it belongs to the user ${uid}`,
          'name a directory of your own with MOONRING_BPFFS, or none',
        )
    }
    mount(folder.at(), directory, system)
    const opened = TrustedFolder.open(directory)
    if (isBpffs(opened)) return opened
    opened.close()
    throw new Untrusted('another file system is mounted over it', 'unmount that first')
  })
}

function mount(path: string, directory: string, system: SystemCalls): void {
  const [type, target, data] = ['bpf', path, MOUNT_OPTIONS].map((text) => textMemory(system, text))
  const result = system.mount(type!, target!, MOUNT_FLAGS, data!)
  if (result >= 0) return
  const action = `mount bpffs at ${directory}`
  if (errnoName(result) === 'ENODEV') {
    const hint = 'run a kernel with CONFIG_BPF_SYSCALL=y'
    throw new NotAvailable(`Cannot ${action}: this kernel has no bpffs`, hint, 'ENODEV')
  }
  throw kernelError(result, { action, capabilities: ['CAP_SYS_ADMIN'] })
}

/** Runs a step on folders, whose errors become those of the kernel. @throws NotPermitted, KernelError */
export function inWords<T>(action: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (error instanceof Untrusted)
      throw new KernelError('KERNEL', `Cannot ${action}: ${error.message}`, error.hint)
    const known = systemError(error)
    if (error instanceof KernelError || known === undefined) throw error
    const hint = 'mount bpffs anew, or name another directory with MOONRING_BPFFS'
    if (known.kind === 'refused')
      throw new NotPermitted(
        `Cannot ${action}: only root may use states in the kernel`,
        'run it with sudo',
        known.code,
      )
    throw new KernelError('KERNEL', `Cannot ${action}: ${known.reason}`, hint, known.code)
  }
}
