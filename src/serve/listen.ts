/** The control socket as a file: made, protected, and taken from a server that has died. */
import { chmodSync, chownSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { NotAvailable, NotPermitted } from '../kernel/errors.ts'
import { StateError } from '../state/errors.ts'
import { peerOf } from './peer.ts'

/** Bytes of a path, at most: sun_path of unix(7), less its end. */
const LONGEST = 107

/**
 * Listens at a path: only its owner, and the members of a group, may connect.
 * @throws StateError `EXISTS` if somebody else listens there, NotPermitted, NotAvailable
 */
export async function listen(server: Server, path: string, gid?: number): Promise<void> {
  if (Buffer.byteLength(path) > LONGEST)
    throw new StateError(
      'BAD_OPTION',
      `Cannot listen at ${path}: the path has more than ${LONGEST} bytes`,
      'name a shorter one: --socket',
    )
  try {
    makeFolder(dirname(path))
    await bind(server, path)
    if (gid !== undefined) chownSync(path, userInfo().uid, gid)
    chmodSync(path, gid === undefined ? 0o600 : 0o660)
  } catch (error) {
    throw problem(path, error)
  }
}

/** Makes a folder, unless it is there; not those that it lies in. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o755 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

async function bind(server: Server, path: string): Promise<void> {
  try {
    await attempt(server, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    await removeStale(path)
    await attempt(server, path)
  }
}

function attempt(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Removes the socket of a server that has died. @throws StateError `EXISTS` */
async function removeStale(path: string): Promise<void> {
  if (!lstatSync(path).isSocket())
    throw new StateError(
      'EXISTS',
      `Cannot listen at ${path}: that is no socket`,
      'name another path: --socket',
    )
  const holder = await holderOf(path)
  if (holder !== undefined)
    throw new StateError(
      'EXISTS',
      `Cannot listen at ${path}: process ${holder} does`,
      'use that server, or end it first, or name another path: --socket',
    )
  unlinkSync(path)
}

/** The process that listens at a path; undefined if none does any more. */
function holderOf(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => {
      try {
        resolve(peerOf(socket).pid)
      } catch (error) {
        reject(error)
      }
      socket.destroy()
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') resolve(undefined)
      else reject(error)
    })
  })
}

function problem(path: string, error: unknown): Error {
  const { code = '', message, syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined) return error as Error
  if (code === 'EACCES' || code === 'EPERM')
    return new NotPermitted(
      `Cannot listen at ${path}: permission denied`,
      'run it with sudo, or name another path: --socket',
      code,
    )
  return new NotAvailable(`Cannot listen at ${path}: ${message}`, 'name another path: --socket', code)
}
