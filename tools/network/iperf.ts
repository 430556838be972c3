/** Traffic of iperf3, with the congestion control that every kernel has. */
import type { Namespace } from './network.ts'
import type { Service } from './service.ts'

export interface IperfOptions {
  /** Seconds. */
  readonly time: number
  readonly udp?: {
    /** Bytes of a datagram's payload. */ readonly length: number /** `0` for no limit. */
    readonly rate: string
  }
  /** Bytes after which it ends, instead of `time`. */
  readonly bytes?: number
  /** Whether the server sends. */
  readonly reverse?: boolean
}

export interface IperfResult {
  /** What arrived, in a second. */
  readonly bitsPerSecond: number
  readonly bytes: number
  /** Datagrams that arrived, in a second; 0 for TCP. */
  readonly packetsPerSecond: number
  /** Share of datagrams that were lost, 0 to 1. */
  readonly lost: number
}

interface Sum {
  readonly bits_per_second: number
  readonly bytes: number
  readonly seconds: number
  readonly packets?: number
  readonly lost_packets?: number
}

/** A server, as soon as it listens: at all addresses, or at one, from which alone it answers datagrams. */
export async function startIperf(namespace: Namespace, address?: string): Promise<Service> {
  const bind = address === undefined ? [] : ['--bind', address]
  const server = namespace.start('iperf3', '--server', '--forceflush', ...bind)
  await server.said(/Server listening/)
  return server
}

/** Sends to a server from another namespace. @throws Error with what iperf3 says */
export async function iperf(from: Namespace, to: string, options: IperfOptions): Promise<IperfResult> {
  const { time, udp, bytes, reverse } = options
  const kind = udp
    ? ['--udp', '--length', String(udp.length), '--bitrate', udp.rate]
    : ['--congestion', 'cubic', '--connect-timeout', '5000']
  const length = bytes === undefined ? ['--time', String(time)] : ['--bytes', String(bytes)]
  const client = from.start(
    ...['iperf3', '--client', to, '--json', ...kind, ...length, ...(reverse ? ['--reverse'] : [])],
  )
  const { out } = await client.ended
  const { end, error } = JSON.parse(out) as {
    end: { sum_received?: Sum; sum?: Sum }
    error?: string
  }
  if (error !== undefined) throw new Error(`iperf3: ${error}`)
  // of datagrams the sum has what the server counted
  const {
    bits_per_second,
    bytes: arrived,
    seconds,
    packets = 0,
    lost_packets = 0,
  } = (udp ? end.sum : end.sum_received) as Sum
  const lost = packets === 0 ? 0 : lost_packets / packets
  return {
    bitsPerSecond: bits_per_second * (1 - lost),
    bytes: arrived,
    packetsPerSecond: (packets - lost_packets) / seconds,
    lost,
  }
}
