/** The control socket as a file: made, protected, and taken from a server that has died. */
import type { Stats } from 'node:fs'
import { connect, type Server } from 'node:net'
import { basename, dirname } from 'node:path'
import { systemError } from '../host/system-error.ts'
import { TrustedFolder, Untrusted } from '../host/trusted-folder.ts'
import { NotAvailable, NotPermitted } from '../kernel/errors.ts'
import { StateError } from '../state/errors.ts'
import { peerOf } from './peer.ts'

/** Bytes of a path, at most: sun_path of unix(7), less its end. */
const LONGEST = 107

/**
 * Listens at a path: only its owner, and the members of a group, may connect. Its folder, and those that it lies in, must be such
 * that no other user can put something else in its place.
 * @returns removes the socket
 * @throws StateError `EXISTS` if somebody else listens there, `BAD_OPTION`, NotPermitted, NotAvailable
 */
export async function listen(server: Server, path: string, gid?: number): Promise<() => void> {
  if (Buffer.byteLength(path) > LONGEST)
    throw new StateError(
      'BAD_OPTION',
      `Cannot listen at ${path}: the path has more than ${LONGEST} bytes`,
      'name a shorter one: --socket',
    )
  let folder: TrustedFolder | undefined
  try {
    folder = TrustedFolder.open(dirname(path), { make: 0o755 })
    return await listenIn(folder, basename(path), path, server, gid)
  } catch (error) {
    folder?.close()
    throw problem(path, error)
  }
}

async function listenIn(
  folder: TrustedFolder,
  name: string,
  path: string,
  server: Server,
  group: number | undefined,
): Promise<() => void> {
  await removeStale(folder, name, path)
  const mode = group === undefined ? 0o600 : 0o660
  await folder.makeSocket(name, { mode, group }, (draft) => attempt(server, draft))
  const own = folder.status(name)
  return () => {
    if (isSame(own, folder.status(name))) folder.remove(name)
    folder.close()
  }
}

function isSame(a: Stats | undefined, b: Stats | undefined): boolean {
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
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
async function removeStale(folder: TrustedFolder, name: string, path: string): Promise<void> {
  const found = folder.status(name)
  if (found === undefined) return
  const taken = (reason: string, hint: string) =>
    new StateError('EXISTS', `Cannot listen at ${path}: ${reason}`, hint)
  if (!found.isSocket()) throw taken('that is no socket', 'name another path: --socket')
  const holder = await holderOf(folder.at(name))
  if (holder !== undefined)
    throw taken(`process ${holder} does`, 'use that server, or end it first, or name another path: --socket')
  // another server may have taken its place meanwhile: what is removed must be what was looked at
  const aside = `.${name}.stale`
  folder.rename(name, aside)
  if (isSame(found, folder.status(aside))) return folder.remove(aside)
  folder.rename(aside, name)
  throw taken('another server has just begun to', 'use that server, or name another path: --socket')
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
  if (error instanceof Untrusted)
    return new StateError(
      'BAD_OPTION',
      `Cannot listen at ${path}: ${error.message}`,
      `${error.hint}: --socket`,
    )
  const known = systemError(error)
  if (known === undefined) return error as Error
  const message = `Cannot listen at ${path}: ${known.reason}`
  if (known.kind === 'refused')
    return new NotPermitted(message, 'run it with sudo, or name another path: --socket', known.code)
  if (known.code === 'EEXIST' || known.code === 'EADDRINUSE')
    return new StateError('EXISTS', message, 'use that server, or name another path: --socket')
  return new NotAvailable(message, 'name another path: --socket', known.code)
}
