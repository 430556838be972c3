/**
 * What the operating system's errors mean to people: the reason, and what to do. Every message about a failed call of
 * files, sockets and processes takes its words from here; calls of bpf(2) have their own (src/kernel/system.ts).
 */
import { getSystemErrorMap } from 'node:util'

export interface SystemError {
  /** Such as `ENOENT`. */
  readonly code: string
  /** What stands behind `Cannot X: `. */
  readonly reason: string
  /** What to do. */
  readonly remedy: string
  /** `refused`: this process may not do it. `missing`: this machine lacks what it takes. */
  readonly kind: 'failed' | 'refused' | 'missing'
}

type Row = readonly [reason: string, remedy: string, kind?: 'refused' | 'missing']

const PATH = 'check the path and its permissions'

const ROWS: Readonly<Record<string, Row>> = {
  EACCES: ['permission denied', PATH, 'refused'],
  EPERM: ['permission denied', PATH, 'refused'],
  ENOENT: ['no such file or directory', PATH],
  ENOTDIR: ['a part of the path is no directory', PATH],
  EISDIR: ['it is a directory', 'name a file in it'],
  EEXIST: ['there is one already', 'name another file'],
  ELOOP: ['it is a symbolic link, or there are too many of them', 'name the file that it leads to'],
  ENAMETOOLONG: ['the name is too long', 'name a shorter one'],
  ENOTEMPTY: ['it is not empty', 'remove what is in it, if nobody needs it'],
  EROFS: [
    'the file system is mounted read-only',
    'name a file elsewhere, or mount it anew: mount -o remount,rw',
  ],
  ENOSPC: ['no space is left', 'make room there, or name a file elsewhere'],
  EDQUOT: ['the quota of this user is used up', 'remove what is no longer needed'],
  EFBIG: ['the file would be larger than is allowed', 'raise the limit: ulimit -f unlimited'],
  EIO: ['the device has failed', 'see the log of the kernel: dmesg'],
  ENXIO: ['nothing serves this device or socket', PATH],
  ENODEV: ['there is no such device', PATH],
  EBUSY: ['it is in use', 'end what uses it first'],
  ETXTBSY: ['it is a program that runs', 'end it first'],
  EPIPE: ['nobody reads it any more', 'see why its reader has ended'],
  ECONNRESET: ['the other side has ended the connection', 'see its log'],
  ECONNREFUSED: ['nobody listens there', 'start its server first'],
  EADDRINUSE: ['somebody else listens there', 'name another address'],
  EADDRNOTAVAIL: ['this machine has no such address', 'name an address of this machine'],
  EMFILE: [
    'this process has as many open files as it may have',
    'raise the limit: ulimit -n 1024',
    'missing',
  ],
  ENFILE: ['this machine has as many open files as it may have', 'raise fs.file-max', 'missing'],
  ENOMEM: ['there is not enough memory', 'end other programs, or raise the limit', 'missing'],
  EAGAIN: [
    'the system has too little of something at this moment',
    'try it again, or raise the limits of this user',
    'missing',
  ],
  ENOSYS: ['this kernel cannot do it', 'run a newer kernel', 'missing'],
  EOPNOTSUPP: ['it cannot be done there', 'name another file'],
  EINVAL: ['the system takes it as wrong', PATH],
  ESPIPE: ['it is a pipe', 'name a file'],
  ERR_FS_FILE_TOO_LARGE: ['it is too large', 'split it'],
  ERR_INVALID_ARG_VALUE: ['its name holds a zero byte', 'name another file'],
}

/** The words for an error of the system; undefined for anything else. */
export function systemError(error: unknown): SystemError | undefined {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return undefined
  const { code } = error
  const isOfSystem = 'errno' in error || 'syscall' in error || code in ROWS
  if (!isOfSystem) return undefined
  const [reason, remedy, kind = 'failed'] = ROWS[code] ?? [
    unknownReason(error as NodeJS.ErrnoException),
    PATH,
  ]
  return { code, reason, remedy, kind }
}

function unknownReason(error: NodeJS.ErrnoException): string {
  const known = error.errno === undefined ? undefined : getSystemErrorMap().get(error.errno)
  return known?.[1] ?? `the system says ${error.code}`
}

/** Why a call failed, for a sentence. What is no error of the system speaks for itself. */
export function reasonOf(error: unknown): string {
  return systemError(error)?.reason ?? (error instanceof Error ? error.message : String(error))
}
