/** Where the server of this user listens, and where commands look for one. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { NamedStates } from '../named/named-state.ts'
import { ServedStates } from '../serve/client.ts'

/** Of the system's server, which root starts. */
const SYSTEM = '/run/moonring/control.sock'

/** Where a server listens that this user starts; undefined for users without a directory for such things. */
export function ownSocket(): string | undefined {
  const { MOONRING_SOCKET, XDG_RUNTIME_DIR } = process.env
  if (MOONRING_SOCKET) return MOONRING_SOCKET
  if (process.getuid?.() === 0) return SYSTEM
  return XDG_RUNTIME_DIR ? join(XDG_RUNTIME_DIR, 'moonring/control.sock') : undefined
}

/** The states of the server at a socket; by default of this user's, or else of the system's. */
export function servedStates(socketPath: string = nearestSocket()): NamedStates {
  return new ServedStates(socketPath)
}

function nearestSocket(): string {
  const own = ownSocket()
  return own !== undefined && (existsSync(own) || process.env.MOONRING_SOCKET) ? own : SYSTEM
}
