/** Network namespaces, and the devices of the one that this thread is in. */
import { closeSync, openSync, readdirSync, statSync } from 'node:fs'
import { AF } from '../ffi/system-calls.ts'
import { errnoName, KernelError } from './errors.ts'
import { kernelError, systemCalls } from './system.ts'

/** Where `ip netns` keeps namespaces by their names: ip-netns(8). */
const NAMED = '/run/netns'

export interface Device {
  readonly name: string
  readonly index: number
  /** Whether its packets begin with an Ethernet header. */
  readonly isEthernet: boolean
}

/** `struct ifreq` of linux/if.h: the name, then a union. */
const REQUEST_BYTES = 40
const NAME_BYTES = 16
/** linux/sockios.h */
const SIOCGIFINDEX = 0x8933
const SIOCGIFHWADDR = 0x8927
/** Types of devices whose packets begin with an Ethernet header: linux/if_arp.h, ARPHRD_ETHER and ARPHRD_LOOPBACK. */
const ETHERNET: readonly number[] = [1, 772]

/**
 * A device of the network namespace by its name.
 * @throws KernelError if there is none
 */
export function findDevice(name: string): Device {
  const system = systemCalls()
  const socket = system.socket(AF.INET)
  const action = `find the device '${name}'`
  if (socket < 0) throw kernelError(socket, { action, capabilities: [] })
  try {
    const ask = (request: number): DataView => {
      const argument = system.allocate(REQUEST_BYTES)
      argument.bytes.set(new TextEncoder().encode(name).subarray(0, NAME_BYTES - 1))
      const result = system.ioctl(socket, request, argument)
      if (errnoName(result) === 'ENODEV' || name.length >= NAME_BYTES)
        throw new KernelError(
          'KERNEL',
          `Cannot ${action}: there is none in this network namespace`,
          'see: ip link; or name the namespace with --netns',
          'ENODEV',
        )
      if (result < 0) throw kernelError(result, { action, capabilities: [] })
      return new DataView(argument.bytes.buffer, argument.bytes.byteOffset + NAME_BYTES)
    }
    const index = ask(SIOCGIFINDEX).getInt32(0, true)
    const type = ask(SIOCGIFHWADDR).getUint16(0, true)
    return { name, index, isEthernet: ETHERNET.includes(type) }
  } finally {
    system.close(socket)
  }
}

/**
 * Does something in the network namespace of this name, or in the one that the caller is in.
 * @throws KernelError, NotPermitted, and what the step throws
 */
export function inNetworkNamespace<T>(name: string | undefined, step: () => T): T {
  if (name === undefined) return step()
  const before = openSync('/proc/thread-self/ns/net', 'r')
  try {
    enter(openNamespace(name), `enter the network namespace '${name}'`)
    try {
      return step()
    } finally {
      enter(openSync(`/proc/self/fd/${before}`, 'r'), 'come back from a network namespace')
    }
  } finally {
    closeSync(before)
  }
}

/** The inode of this thread's network namespace. */
export function ownNamespace(): number {
  return Number(statSync('/proc/thread-self/ns/net').ino)
}

/** Whether a namespace can still be entered: it has a name, or a process is in it. */
export function isNamespaceThere(inode: number): boolean {
  if (inode === ownNamespace()) return true
  const named = entriesOf(NAMED).map((name) => `${NAMED}/${name}`)
  const ofProcesses = entriesOf('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? [`/proc/${pid}/ns/net`] : []))
  return [...named, ...ofProcesses].some((path) => inodeOf(path) === inode)
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** undefined for processes that have just ended. */
function inodeOf(path: string): number | undefined {
  try {
    return statSync(path).ino
  } catch {
    return undefined
  }
}

function openNamespace(name: string): number {
  try {
    if (/^[^/]+$/.test(name) && name !== '.' && name !== '..') return openSync(`${NAMED}/${name}`, 'r')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  throw new KernelError(
    'KERNEL',
    `Cannot find the network namespace '${name}': there is none of this name in ${NAMED}`,
    'see: ip netns',
    'ENOENT',
  )
}

/** Moves this thread, and closes the descriptor. */
function enter(fd: number, action: string): void {
  try {
    const result = systemCalls().setns(fd)
    if (result < 0) throw kernelError(result, { action, capabilities: ['CAP_SYS_ADMIN'] })
  } finally {
    closeSync(fd)
  }
}
