/**
 * Tells the service manager that a server is ready: sd_notify(3), one datagram to the socket that the variable
 * NOTIFY_SOCKET names. So a unit of the type `notify` starts what needs the server once it answers.
 */
import { setTimeout } from 'node:timers/promises'
import { AF, type Memory, type SystemCalls } from '../ffi/system-calls.ts'
import { errnoName } from '../kernel/errors.ts'
import { kernelError } from '../kernel/system.ts'
import { StateError } from '../state/errors.ts'

/** Bytes of the path in `struct sockaddr_un`: unix(7). */
const LONGEST_PATH = 108

/** Milliseconds in which a manager that has no room for the message has to read, and between two attempts. */
const PATIENCE = 5000
const INTERVAL = 50

/**
 * Sends one message.
 * @param socket a path, or a name in the abstract namespace after `@`
 * @param message lines such as `READY=1`
 * @throws StateError `BAD_OPTION` for other addresses, KernelError
 */
export async function notifyManager(system: SystemCalls, socket: string, message: string): Promise<void> {
  const address = addressOf(system, socket)
  const data = system.allocate(Buffer.byteLength(message))
  data.bytes.set(Buffer.from(message))
  const need = { action: `notify ${socket}`, capabilities: [] }
  const fd = system.socket(AF.UNIX)
  if (fd < 0) throw kernelError(fd, need)
  try {
    let result = system.sendTo(fd, data, address)
    for (let waited = 0; errnoName(result) === 'EAGAIN' && waited < PATIENCE; waited += INTERVAL) {
      await setTimeout(INTERVAL)
      result = system.sendTo(fd, data, address)
    }
    if (result < 0) throw kernelError(result, need)
  } finally {
    system.close(fd)
  }
}

/** A `struct sockaddr_un`. */
function addressOf(system: SystemCalls, socket: string): Memory {
  const name = Buffer.from(socket.startsWith('@') ? `\0${socket.slice(1)}` : socket)
  if (!/^[/@]./s.test(socket) || name.length >= LONGEST_PATH)
    throw new StateError('BAD_OPTION', `Cannot notify '${socket}': it is no path and no abstract name`)
  const address = system.allocate(2 + name.length)
  new DataView(address.bytes.buffer, address.bytes.byteOffset).setUint16(0, AF.UNIX, true)
  address.bytes.set(name, 2)
  return address
}
