/** What is compared: mechanisms that look at every packet which arrives in a namespace, or passes through it. */
import type { RunTimes } from '../../src/kernel/program.ts'
import type { Device, Namespace } from '../../tools/network/network.ts'

/** Where packets go. */
export interface Place {
  /** Who sends, and where to. */
  readonly client: Namespace
  readonly address: string
  /** The device by which the client's packets leave it. */
  readonly outgoing: Device
  /** Where the mechanism is, for a filter the server's own namespace, and its devices towards client and server. */
  readonly middle: Namespace
  readonly inside: Device
  readonly outside: Device
  readonly server: Namespace
}

/** A mechanism at work. */
export interface Active {
  /** What its programs in the kernel have taken so far, where it has any. */
  runTimes?(): RunTimes | Promise<RunTimes>
  stop(): void | Promise<void>
}

export interface Contender {
  readonly name: string
  /** Why it can't take part here. */
  missing(): string | undefined
  start(place: Place): Active | Promise<Active>
  /** Gives back what it keeps between runs. */
  close?(): void | Promise<void>
}
