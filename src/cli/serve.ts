/** `moonring serve`: holds named states in user space, and lets other commands use them, until a signal ends it. */

import type { Report } from '../hook/subsystem.ts'
import { systemCalls } from '../kernel/system.ts'
import { MetricsEndpoint, parseAddress } from '../serve/metrics-endpoint.ts'
import { notifyManager } from '../serve/notify.ts'
import { groupNumber } from '../serve/peer.ts'
import { Server } from '../serve/server.ts'
import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { ownSocket } from './control-socket.ts'
import { reportFailure } from './failure.ts'
import { continued } from './log-lines.ts'
import { standardError } from './output.ts'
import { kernelStates } from './states.ts'
import { readSubsystem } from './subsystem-file.ts'

export interface ServeOptions {
  readonly socket?: string
  readonly group?: string
  readonly metrics?: string
  readonly subsystem?: readonly string[]
}

/** Signals at which it detaches everything, runs finalizers, and ends. A second one ends it at once. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Serves until a signal comes.
 * @throws CommandError for wrong usage, StateError `EXISTS` if there is a server already, NotPermitted, NotAvailable
 */
export async function serve(options: ServeOptions): Promise<ExitCode> {
  // states outlive whoever reads the log
  standardError.goOnWithout()
  const socket = options.socket ?? ownSocket()
  if (socket === undefined)
    throw new CommandError(
      'M010',
      'Cannot serve: this user has no directory for sockets, as XDG_RUNTIME_DIR is not set',
      'name a path: --socket',
      EXIT.usage,
    )
  const group = options.group === undefined ? undefined : groupNumber(options.group)
  const subsystems = await Promise.all((options.subsystem ?? []).map(readSubsystem))
  const address = options.metrics === undefined ? undefined : parseAddress(options.metrics)
  const server = await Server.start({ socket, group, pid: process.pid, subsystems, report })
  let endpoint: MetricsEndpoint | undefined
  try {
    if (address) endpoint = await MetricsEndpoint.start(address, [server.states, kernelStates()])
    report(`serving states at ${socket}`)
    if (endpoint) report(`serving their figures at ${endpoint.url}`)
    await notify(`READY=1\nSTATUS=serving states at ${socket}`)
    const exit = await ending()
    await notify('STOPPING=1')
    return exit
  } finally {
    await endpoint?.close()
    await server.close()
  }
}

/** Tells the service manager, if there is one. A server without a listener for that goes on. */
async function notify(message: string): Promise<void> {
  const { NOTIFY_SOCKET: manager = '' } = process.env
  if (manager === '') return
  try {
    await notifyManager(systemCalls(), manager, message)
  } catch (error) {
    report(error instanceof Error ? error.message : String(error))
  }
}

const report: Report = (text) => {
  standardError.write(`moonring serve: ${continued(text, '  | ')}\n`)
  standardError.flush()
}

/** Waits for a signal, or for a fault, after which what is attached must be detached as well. The exit code. */
function ending(): Promise<ExitCode> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve(EXIT.fine))
    // such as of a subsystem that didn't wait for what it has called
    process.on('unhandledRejection', (reason) => {
      report(reason instanceof Error ? reason.message : String(reason))
    })
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => resolve(reportFailure(error)))
  })
}
