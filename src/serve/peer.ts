/** Who is at the other end of a connection, as the kernel says it: unix(7). */
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { SO, type SystemCalls } from '../ffi/system-calls.ts'
import { errnoName, KernelError } from '../kernel/errors.ts'
import { systemCalls } from '../kernel/system.ts'
import { StateError } from '../state/errors.ts'

export interface Peer {
  readonly pid: number
  readonly uid: number
  readonly gid: number
  /** Supplementary groups. */
  readonly groups: readonly number[]
}

/** struct ucred: pid, uid, gid, 32 bits each. */
const UCRED = 12
/** NGROUPS_MAX of limits.h. */
const MOST_GROUPS = 65536

/** Node's own handle of a socket. */
interface Handled {
  readonly _handle?: { readonly fd: number } | null
}

/**
 * The process that has connected; on a client's side, the one that has begun to listen.
 * @throws NotAvailable on machines without these system calls, KernelError
 */
export function peerOf(socket: Socket, system: SystemCalls = systemCalls()): Peer {
  const fd = (socket as unknown as Handled)._handle?.fd ?? -1
  const [pid = 0, uid = 0, gid = 0] = option(system, fd, SO.PEERCRED, UCRED)
  return { pid, uid, gid, groups: option(system, fd, SO.PEERGROUPS, 4 * MOST_GROUPS) }
}

/** The 32-bit numbers of an option of a socket. */
function option(system: SystemCalls, fd: number, number: number, size: number): number[] {
  const value = system.allocate(size)
  const length = system.allocate(4)
  const lengthView = new DataView(length.bytes.buffer)
  lengthView.setUint32(0, size, true)
  const result = system.getsockopt(fd, number, value, length)
  if (result < 0)
    throw new KernelError(
      'KERNEL',
      `Cannot tell who has connected: the kernel answers ${errnoName(result)}`,
      'run Linux 4.13 or newer',
      errnoName(result),
    )
  const words = new Uint32Array(value.bytes.buffer, 0, lengthView.getUint32(0, true) / 4)
  return [...words]
}

/** Who may use a server. */
export interface Allowed {
  /** The server's own user. */
  readonly uid: number
  /** A group whose members may, too. */
  readonly gid?: number | undefined
}

export function mayUse({ uid, gid, groups }: Peer, allowed: Allowed): boolean {
  if (uid === 0 || uid === allowed.uid) return true
  return allowed.gid !== undefined && (gid === allowed.gid || groups.includes(allowed.gid))
}

/**
 * The number of a group, by its name in /etc/group (group(5)) or as it is.
 * @throws StateError `BAD_OPTION`
 */
export function groupNumber(name: string, file = '/etc/group'): number {
  if (/^\d{1,9}$/.test(name)) return Number(name)
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [group, , number] = line.split(':')
    if (group === name) return Number(number)
  }
  throw new StateError(
    'BAD_OPTION',
    `Cannot let the group '${name}' in: ${file} has none of this name`,
    'make it with groupadd, or give its number',
  )
}
